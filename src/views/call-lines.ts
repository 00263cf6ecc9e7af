import type { CallEnd, HostCall } from '../model/host-call.ts'
import type { Text } from '../model/text.ts'
import type { Formatter } from './formatter.ts'
import { type Line, span } from './lines.ts'

/** Number and time head both lines of a call, and tell them apart from those of calls made meanwhile. */
export type CallHead = { at: string; number: number }

/** A call as it begins, e.g. `21:00:05 #12 db.promote  db2 postgres$ pg_ctl promote`. */
export const callLine = ({ at, number }: CallHead, call: HostCall): Line => [
  span(`${at} #${number} `, 'dim'),
  span(`${pieceOf(call.work)}  `, 'active'),
  span(oneLine(commandOf(call))),
]

/** Its end, e.g. `21:00:06 #12 exit 0, 0.42 s`. */
export function callEndLine(
  { at, number }: CallHead,
  { where }: HostCall,
  end: CallEnd,
  { say, number: figure }: Pick<Formatter, 'say' | 'number'>,
): Line {
  const seconds = figure(Math.round(end.seconds * 100) / 100)
  const text: Text = { key: 'views.call.end', values: { end: endOf(end), seconds } }
  const isWell = end.ended === 'answered' || (end.ended === 'exited' && end.exitCode === 0)
  return [
    span(`${at} #${number} `, 'dim'),
    span(`${where} `, 'dim'),
    span(oneLine(say(text)), isWell ? 'dim' : 'warn'),
  ]
}

function endOf(end: CallEnd): Text {
  switch (end.ended) {
    case 'exited':
      return { key: 'views.call.exited', values: { code: end.exitCode } }
    case 'failed':
      return { key: 'views.call.failed', values: { why: end.why } }
    case 'answered':
      return end.status === undefined
        ? { key: 'views.call.answered' }
        : { key: 'views.call.status', values: { status: end.status } }
  }
}

/** The step, or the component, that it is for: the run is the same in every line. */
const pieceOf = (work: string): string => work.slice(work.indexOf('/') + 1)

const prompts = { ssh: '$', local: '$', file: '<', sql: '>', http: '', dns: '?' } as const

/** Where, as whom and what: `db2 postgres$ pg_ctl promote`. */
export function commandOf({
  by,
  where,
  user,
  line,
}: Pick<HostCall, 'by' | 'where' | 'user' | 'line'>): string {
  const prompt = user === 'root' && by === 'ssh' ? '#' : prompts[by]
  return [where, `${user ?? ''}${prompt}`, line].filter(Boolean).join(' ')
}

/** Names of files, and what hosts say, may hold line breaks: the next line is Bascule's own. */
export const oneLine = (text: string): string => text.replaceAll('\n', '␊')
