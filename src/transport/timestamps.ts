import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { execa } from 'execa'
import { Failure } from '../model/failure.ts'
import { millisecondsOf } from '../model/instant.ts'
import { systemReason } from '../model/system-error.ts'
import type { Text } from '../model/text.ts'
import { lastLines } from './lines.ts'

/** `at`: as the authority dates it, e.g. `Nov 30 17:40:00 2026 GMT`. */
export type StampVerdict = { isSound: true; at: string } | { isSound: false; why: Text }

/** Computing alone: no host is waited for. Milliseconds. */
const limit = 10_000

/**
 * Whether an authority that the certificates of a file (PEM) vouch for has stamped the hash, by `openssl ts`. `response`: a TimeStampResp
 * of RFC 3161 in DER. Throws Failure when openssl did not judge it: then nobody knows.
 */
export async function verifyStamp(hash: Buffer, response: Buffer, trusted: string): Promise<StampVerdict> {
  try {
    readFileSync(trusted)
  } catch (cause) {
    throw unjudged(`${trusted}: ${systemReason(cause)}`, cause)
  }
  const directory = mkdtempSync(join(tmpdir(), 'bascule-stamp-'))
  try {
    const file = join(directory, 'response.tsr')
    writeFileSync(file, response, { mode: 0o600 })
    const shown = await openssl(['-reply', '-in', file, '-text'])
    const at = /^Time stamp: (.+)$/m.exec(shown.stdout)?.[1]
    const instant = instantOf(at ?? '')
    if (at === undefined || instant === undefined) return refused(lastLines(shown.stderr, 1))
    // by the time of the stamp: what was signed with a certificate that has expired since was signed all the same
    const atTime = ['-attime', String(Math.floor(millisecondsOf(instant) / 1000))]
    const digest = ['-digest', hash.toString('hex')]
    const verified = await openssl(['-verify', ...digest, '-in', file, '-CAfile', trusted, ...atTime])
    if (verified.exitCode !== 0) return refused(reasonIn(verified.stderr))
    return { isSound: true, at }
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
}

async function openssl(argv: readonly string[]) {
  const ended = await execa('openssl', ['ts', ...argv], {
    ...{ extendEnv: false, env: { PATH: process.env.PATH }, reject: false, timeout: limit },
  })
  if (ended.exitCode === undefined) throw unjudged(ended.shortMessage ?? '', ended)
  return ended
}

/** `…:error:…:ts_check_signer_name:ts certificate error:…` → what comes before openssl's own file and line. */
function reasonIn(stderr: string): string {
  const reasons = [...stderr.matchAll(/:(?:[A-Za-z ]*routines):[^:]*:([^:]+):/g)].map(match => match[1] ?? '')
  return reasons[0] ?? lastLines(stderr, 1)
}

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']
/** `Nov 30 17:40:00 2026 GMT`, with or without parts of a second, as OpenSSL prints a time. */
function instantOf(printed: string): string | undefined {
  const found = /^([A-Z][a-z]{2}) +(\d{1,2}) (\d\d:\d\d:\d\d)(?:\.\d+)? (\d{4}) GMT$/.exec(printed)
  if (found === null) return undefined
  const [, name = '', day = '', time, year] = found
  const month = String(months.indexOf(name) + 1).padStart(2, '0')
  return `${year}-${month}-${day.padStart(2, '0')}T${time}Z`
}

const refused = (detail: string): StampVerdict => ({
  isSound: false,
  why: { key: 'transport.stamp.refused', values: { detail } },
})

const unjudged = (detail: string, cause?: unknown): Failure =>
  new Failure({ key: 'transport.stamp.unjudged', values: { detail } }, { cause })
