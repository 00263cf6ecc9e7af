import type { MessageKey } from '../../model/text.ts'
import type { Status } from '../../views/status.ts'

/** Whether the night can be taken back now, and what that rests on. */
export type Reversibility = {
  state: 'reversible' | 'at-risk' | 'irreversible' | 'going-back' | 'gone-back'
  headline: MessageKey
  why: MessageKey
}

/** Of the live run only: nothing else moves users. Undefined where there is nothing to take back. */
export function reversibilityOf(status: Status): Reversibility | undefined {
  const { mode, state, rollback, lastSafe, returnPaths, gates } = status
  if (mode !== 'live' || state === 'not-started') return undefined
  if (rollback !== undefined)
    return state === 'rolling-back'
      ? { state: 'going-back', headline: 'server.back.going', why: 'server.back.going.why' }
      : { state: 'gone-back', headline: 'server.back.gone', why: 'server.back.gone.why' }
  const isMoved = state === 'moved'
  const isReopened = isMoved || gates.some(({ id, openedAt }) => id === 'reopen' && openedAt !== undefined)
  if ((!isMoved && lastSafe === undefined) || returnPaths.some(path => path.state === 'none'))
    return { state: 'irreversible', headline: 'server.back.no', why: 'server.back.no.why' }
  if (!isReopened) return { state: 'reversible', headline: 'server.back.yes', why: 'server.back.yes.closed' }
  const shaky = returnPaths.some(path => path.state !== 'good')
  return shaky || returnPaths.length === 0
    ? { state: 'at-risk', headline: 'server.back.risk', why: 'server.back.risk.why' }
    : { state: 'reversible', headline: 'server.back.yes', why: 'server.back.yes.path' }
}
