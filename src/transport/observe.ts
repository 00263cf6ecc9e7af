import { Failure } from '../model/failure.ts'
import type { CallObserver, Ending, HostCall } from '../model/host-call.ts'
import { now } from '../model/instant.ts'
import type { Argv, CommandOptions } from '../model/io.ts'
import { localName } from './local.ts'
import type { PostgresConnection } from './postgres-connection.ts'
import { quoteArgv } from './quote.ts'
import type { Redactor } from './redact.ts'

type Seen = Omit<HostCall, 'work' | 'at'>
type Does = HostCall['does']

/** Makes calls of one piece of work, and tells of each. */
export type Observed = <T>(call: Seen, act: () => Promise<T>, endingOf?: (answer: T) => Ending) => Promise<T>

export function observed(
  work: string,
  redactor: Pick<Redactor, 'redact'>,
  observers: readonly CallObserver[],
): Observed {
  return async (call, act, endingOf = () => ({ ended: 'answered' })) => {
    if (observers.length === 0) return act()
    const told = redactor.redact<HostCall>({ work, at: now(), ...call })
    const listening = observers.map(observer => observer(told))
    const began = performance.now()
    const end = (ending: Ending): void => {
      const seconds = (performance.now() - began) / 1000
      for (const listener of listening) listener(redactor.redact({ seconds, ...ending }))
    }
    try {
      const answer = await act()
      end(endingOf(answer))
      return answer
    } catch (thrown) {
      end({ ended: 'failed', why: whyOf(thrown) })
      throw thrown
    }
  }
}

const whyOf = (thrown: unknown) =>
  thrown instanceof Failure
    ? thrown.text
    : { key: 'transport.call.defect' as const, values: { message: String(thrown) } }

/** Whoever ssh logs in as, a program without another user is root's. */
export const atHost = (does: Does, where: string, argv: Argv, { asUser = 'root' }: CommandOptions): Seen => ({
  ...{ does, by: 'ssh', where, user: asUser },
  ...lineOf(argv),
})

export const atLocal = (does: Does, argv: Argv, { asUser }: CommandOptions): Seen => ({
  ...{ does, by: 'local', where: localName },
  ...(asUser !== undefined && { user: asUser }),
  ...lineOf(argv),
})

export const ofFile = (
  where: string,
  path: string,
  { mode, owner }: { mode: string; owner?: string },
  bytes: number,
): Seen => {
  const argv = [path, mode, ...(owner === undefined ? [] : [owner]), `${bytes} B`]
  return { does: 'change', by: 'file', where, user: 'root', line: quoteArgv(argv) }
}

/** What follows the word in CREATE ROLE: a verifier is nothing to be read either. */
const passwordLiteral = /(\bpassword\s+)'(?:[^']|'')*'/gi

/** Its values go to the server apart from it, and are told nobody. */
export const statement = (
  does: Does,
  { host, port, user, database }: PostgresConnection,
  text: string,
): Seen => ({
  ...{ does, by: 'sql', where: `${host}:${port}/${database}`, user },
  line: text.replaceAll(passwordLiteral, "$1'…'").trim().replaceAll(/\s+/g, ' '),
})

/** Headers, body and the values of the query may hold what only the two ends share. */
export function request(does: Does, { method, url }: { method: string; url: string }): Seen {
  const { host, protocol, pathname, searchParams } = new URL(url)
  const names = [...new Set(searchParams.keys())].map(name => `${name}=…`)
  const query = names.length === 0 ? '' : `?${names.join('&')}`
  return { does, by: 'http', where: host, line: `${method} ${protocol}//${host}${pathname}${query}` }
}

export const question = (where: string, name: string, type: string): Seen => ({
  ...{ does: 'read', by: 'dns', where },
  line: `${name} ${type}`,
})

/** `sh -c TEXT NAME VALUES`: the text of several lines has a name. */
function lineOf(argv: Argv): Pick<Seen, 'line' | 'script'> {
  const [shell = '', option, text = '', name, ...values] = argv
  if (option !== '-c' || name === undefined || !text.includes('\n')) return { line: quoteArgv(argv) }
  return { line: quoteArgv([shell, name, ...values]), script: { name, text } }
}
