import type { CommandResult } from '../../../model/io.ts'
import type { ChangeAnswer } from '../provider.ts'

/** What nsupdate printed, as one code. The secret is cut out: nsupdate repeats a key it cannot read. */
export function answerOf({ exitCode, stdout, stderr }: CommandResult, secret: string): ChangeAnswer {
  const printed = `${stderr}\n${stdout}`.replaceAll(secret, '…')
  return { code: exitCode === 0 ? 'NOERROR' : codeOf(printed), detail: inOneLine(printed) }
}

/** nsupdate marks some of its lines with `;`. */
const inOneLine = (printed: string): string =>
  printed
    .split('\n')
    .map(line => line.replace(/^[;\s]+/, '').trim())
    .filter(Boolean)
    .join('; ')

function codeOf(printed: string): string {
  // "update failed: NXRRSET", "update failed: NOTAUTH(BADKEY)"
  const [, code, tsigCode] = /update failed: ([A-Z]+)(?:\(([A-Z]+)\))?/.exec(printed) ?? []
  if (code) return tsigCode ?? code
  if (/could not create key|bad base64|syntax error/.test(printed)) return 'BADSECRET'
  if (/Communication with|timed out|connection refused|could not reach|unreachable/i.test(printed))
    return 'SILENT'
  return 'UNKNOWN'
}
