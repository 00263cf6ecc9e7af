import { exitCodes, Failure } from '../../model/failure.ts'
import type { ChangeIo } from '../../model/io.ts'
import { type Writing, write, writeExit } from './commands.ts'
import { fileOf } from './places.ts'
import { parseStanding, type Standing, unreadableStanding } from './standing.ts'

/** Writes at one host who has authority. Throws Failure; exit code 75 where a newer program has been there. */
export async function tell(host: string, writing: Writing, io: ChangeIo): Promise<void> {
  const result = await io.change(host, write(writing), { allowFailure: true, timeoutSeconds: 30 })
  const { planName } = writing
  if (result.exitCode === 0) return
  if (result.exitCode === writeExit.refused)
    throw heldByAnother(host, planName, parseStanding(result.stdout, host, planName), writing.fencingNumber)
  if (result.exitCode === writeExit.unreadable) throw unreadableStanding(host, planName)
  if (result.exitCode === writeExit.busy)
    throw new Failure({ key: 'authority.busy', values: { host, file: fileOf(planName) } })
  const detail = result.stderr.trim().split('\n').at(-1) ?? ''
  throw new Failure({ key: 'authority.notWritten', values: { host, file: fileOf(planName), detail } })
}

export function heldByAnother(host: string, planName: string, standing: Standing, mine: number): Failure {
  const { fencingNumber, holder, at } = standing
  return new Failure(
    {
      key: 'authority.held',
      values: { host, number: fencingNumber, mine, holder: holder || '?', at: at || '?' },
    },
    {
      remedy: { key: 'authority.remedy.held', values: { file: fileOf(planName) } },
      exitCode: exitCodes.locked,
    },
  )
}
