import { Failure } from '../../model/failure.ts'
import type { ChangeAnswer } from './provider.ts'
import type { PlannedRecord } from './records.ts'
import { addressOf, inWords, type View } from './servers.ts'
import type { DnsSpec } from './spec.ts'

/** Codes that have a sentence and a remedy of their own: `dns.update.<code>`. */
const explained = ['BADKEY', 'BADSIG', 'BADTIME', 'BADSECRET', 'REFUSED', 'NOTAUTH', 'SILENT', 'NXRRSET']

/** Where the update went, under which key, and what came back: for sentences, and the `dig` that shows it. */
export function answerText({ code, detail }: ChangeAnswer, spec: DnsSpec) {
  const { address, port } = spec.update.server
  const sentence = explained.includes(code) ? code : 'other'
  const values = {
    server: addressOf(spec.update.server),
    zone: spec.zone,
    key: spec.update.tsig.name,
    reference: spec.update.tsig.secret,
    code,
    detail,
    command: `dig @${address} -p ${port} ${spec.zone} SOA`,
  }
  return {
    text: { key: `dns.update.${sentence}`, values },
    remedy: { key: `dns.update.${sentence}.remedy`, values },
  }
}

export function updateFailed(answer: ChangeAnswer, spec: DnsSpec): Failure {
  const { text, remedy } = answerText(answer, spec)
  return new Failure(text, { remedy })
}

/** Somebody changed these records: each is neither what it was nor what it shall be. Nothing was sent. */
export function recordsChanged(
  foreign: { record: PlannedRecord; expected: string[] }[],
  view: View,
): Failure {
  const values = {
    server: view.server,
    records: foreign
      .map(({ record, expected }) => `${record.key}: ${inWords(view, record)} ≠ ${expected.join(', ')}`)
      .join('; '),
  }
  return new Failure(
    { key: 'dns.records.changed', values },
    { remedy: { key: 'dns.records.changed.remedy', values } },
  )
}

/** Servers that do not say what they should, after the time they had. */
export function notServed(
  key: 'dns.servers.late' | 'dns.resolvers.late' | 'dns.server.silent',
  late: { view: View; record: PlannedRecord }[],
  seconds: number,
): Failure {
  const values = {
    seconds,
    servers: late
      .slice(0, 10)
      .map(({ view, record }) => `${view.server} ${record.key}: ${inWords(view, record)}`)
      .join('; '),
  }
  return new Failure({ key, values }, { remedy: { key: `${key}.remedy`, values } })
}
