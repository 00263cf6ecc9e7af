import { Failure } from '../../model/failure.ts'
import { providerOf } from './providers/index.ts'
import type { ChangeAnswer } from './providers/provider.ts'
import { type DnsSpec, zoneTitle } from './spec.ts'

/** Codes that have a sentence and a remedy of their own. */
const explained = {
  APIFAILED: { text: 'dns.update.APIFAILED', remedy: 'dns.update.APIFAILED.remedy' },
  BADKEY: { text: 'dns.update.BADKEY', remedy: 'dns.update.BADKEY.remedy' },
  BADSECRET: { text: 'dns.update.BADSECRET', remedy: 'dns.update.BADSECRET.remedy' },
  BADSIG: { text: 'dns.update.BADSIG', remedy: 'dns.update.BADSIG.remedy' },
  BADTIME: { text: 'dns.update.BADTIME', remedy: 'dns.update.BADTIME.remedy' },
  BADTOKEN: { text: 'dns.update.BADTOKEN', remedy: 'dns.update.BADTOKEN.remedy' },
  FORBIDDEN: { text: 'dns.update.FORBIDDEN', remedy: 'dns.update.FORBIDDEN.remedy' },
  HALFWAY: { text: 'dns.update.HALFWAY', remedy: 'dns.update.HALFWAY.remedy' },
  LIMITED: { text: 'dns.update.LIMITED', remedy: 'dns.update.LIMITED.remedy' },
  NOTAUTH: { text: 'dns.update.NOTAUTH', remedy: 'dns.update.NOTAUTH.remedy' },
  NOTPRIMARY: { text: 'dns.update.NOTPRIMARY', remedy: 'dns.update.NOTPRIMARY.remedy' },
  NOZONE: { text: 'dns.update.NOZONE', remedy: 'dns.update.NOZONE.remedy' },
  NXRRSET: { text: 'dns.update.NXRRSET', remedy: 'dns.update.NXRRSET.remedy' },
  PROXIED: { text: 'dns.update.PROXIED', remedy: 'dns.update.PROXIED.remedy' },
  REFUSED: { text: 'dns.update.REFUSED', remedy: 'dns.update.REFUSED.remedy' },
  REJECTED: { text: 'dns.update.REJECTED', remedy: 'dns.update.REJECTED.remedy' },
  SERIALSTAYS: { text: 'dns.update.SERIALSTAYS', remedy: 'dns.update.SERIALSTAYS.remedy' },
  SILENT: { text: 'dns.update.SILENT', remedy: 'dns.update.SILENT.remedy' },
  STAGED: { text: 'dns.update.STAGED', remedy: 'dns.update.STAGED.remedy' },
  UNREACHABLE: { text: 'dns.update.UNREACHABLE', remedy: 'dns.update.UNREACHABLE.remedy' },
  other: { text: 'dns.update.other', remedy: 'dns.update.other.remedy' },
} as const

/** A prerequisite did not hold: the set is another one, or is there though it should not, or the other way round. */
export const isBroken = (code: string): boolean =>
  ['NXRRSET', 'YXRRSET', 'NXDOMAIN', 'YXDOMAIN'].includes(code)

/** Where the update went, under which key, and what came back: for sentences, and the `dig` that shows it. */
export function answerText({ code, detail }: ChangeAnswer, spec: DnsSpec) {
  const known = isBroken(code) ? 'NXRRSET' : code
  const { text, remedy } = Object.hasOwn(explained, known)
    ? explained[known as keyof typeof explained]
    : explained.other
  const values = { ...providerOf(spec).names(spec.zone), zone: zoneTitle(spec), code, detail }
  return { text: { key: text, values }, remedy: { key: remedy, values } }
}

export function updateFailed(answer: ChangeAnswer, spec: DnsSpec): Failure {
  const { text, remedy } = answerText(answer, spec)
  return new Failure(text, { remedy })
}
