import { Failure } from '../../model/failure.ts'
import { composed, type Text } from '../../model/text.ts'
import { apiCodes } from './api/refusal.ts'
import type { ChangeAnswer } from './provider.ts'
import { providerOf } from './providers.ts'
import { type PlannedRecord, zoneTitle } from './records.ts'
import { inWords, type View } from './servers.ts'
import type { DnsSpec } from './spec.ts'

/** Codes that have a sentence and a remedy of their own: `dns.update.<code>`. */
const explained: string[] = [
  ...['BADKEY', 'BADSIG', 'BADTIME', 'BADSECRET', 'REFUSED', 'NOTAUTH', 'SILENT', 'NXRRSET'],
  ...apiCodes,
]

/** A prerequisite did not hold: the set is another one, or is there though it should not, or the other way round. */
export const isBroken = (code: string): boolean =>
  ['NXRRSET', 'YXRRSET', 'NXDOMAIN', 'YXDOMAIN'].includes(code)

/** Where the update went, under which key, and what came back: for sentences, and the `dig` that shows it. */
export function answerText({ code, detail }: ChangeAnswer, spec: DnsSpec) {
  const sentence = isBroken(code) ? 'NXRRSET' : explained.includes(code) ? code : 'other'
  const values = { ...providerOf(spec).names(spec.zone), zone: zoneTitle(spec), code, detail }
  return {
    text: { key: composed(`dns.update.${sentence}`), values },
    remedy: { key: composed(`dns.update.${sentence}.remedy`), values },
  }
}

export function updateFailed(answer: ChangeAnswer, spec: DnsSpec): Failure {
  const { text, remedy } = answerText(answer, spec)
  return new Failure(text, { remedy })
}

type InQuestion = { record: PlannedRecord; expected: string[] }

/** Somebody changed these records: each is neither what it was nor what it shall be. Nothing was sent. */
export function recordsChanged(foreign: InQuestion[], view: View): Failure {
  const values = seenInstead(foreign, view)
  return new Failure(
    { key: 'dns.records.changed', values },
    { remedy: { key: 'dns.records.changed.remedy', values } },
  )
}

/** The same, for an undo that has put back all others. */
export const recordsLeft = (foreign: InQuestion[], view: View): Text => ({
  key: 'dns.records.left',
  values: seenInstead(foreign, view),
})

const seenInstead = (foreign: InQuestion[], view: View) => ({
  server: view.server,
  records: foreign
    .map(({ record, expected }) => `${record.key}: ${inWords(view, record)} ≠ ${expected.join(', ') || '-'}`)
    .join('; '),
})

/** Servers that do not say what they should, after the time they had. `late`: each in words. */
export function notServed(
  key: 'dns.servers.late' | 'dns.servers.outOfStep' | 'dns.resolvers.late' | 'dns.server.silent',
  late: string[],
  seconds: number,
): Failure {
  const values = { seconds, servers: late.slice(0, 10).join('; ') }
  return new Failure({ key, values }, { remedy: { key: composed(`${key}.remedy`), values } })
}
