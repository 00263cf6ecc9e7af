import { createHash } from 'node:crypto'
import type { CallObserver } from '../model/host-call.ts'
import type { ChangeIo, Progress } from '../model/io.ts'
import type { Host, SshSettings } from '../model/plan.ts'
import { type Call, callLog } from './calls.ts'
import { makeControlDirectory, removeControlDirectory } from './control-directory.ts'
import { makeIo } from './io.ts'
import { endAllLocal, localName, runLocal } from './local.ts'
import { observed } from './observe.ts'
import { trackPendingCalls } from './pending-calls.ts'
import { withholdVariables } from './process.ts'
import type { Redactor } from './redact.ts'
import { withRedactedFailures } from './redact-failure.ts'
import { secretResolver } from './secrets.ts'
import { openSql } from './sql.ts'
import { openSsh } from './ssh.ts'

export type Transport = {
  /** The door for one piece of work. `key` names it (a step of a run): all its commands can be ended by it. */
  ioFor(work: TransportWork): ChangeIo
  /** Opens the control connections, in parallel; gives each host's Failure, or undefined when it stands. */
  connect(hosts?: string[]): Promise<Record<string, unknown>>
  /**
   * Ends what an earlier work with this key left running, at the given hosts (default all) and on this machine, maybe
   * by an orchestrator that was killed. Throws Failure when a host cannot be asked.
   */
  killOrphanedCommands(key: string, hosts?: string[]): Promise<{ host: string; pid: number }[]>
  calls(): readonly Call[]
  changes(): number
  /** Aborts what is running, then closes connections and pools. */
  close(): Promise<void>
}

export type TransportWork = {
  key: string
  signal: AbortSignal
  onProgress?: (progress: Progress) => void
  /** Told of the calls of this piece of work, secrets masked. */
  onCall?: CallObserver
}

export type TransportOptions = {
  /** By ssh name. */
  hosts: Record<string, Host>
  ssh: SshSettings
  redactor: Redactor
  /** Variables of the environment that no program may get. */
  secretVariables?: readonly string[]
  /** Told of every call, secrets masked. */
  onCall?: CallObserver
}

export async function openTransport(options: TransportOptions): Promise<Transport> {
  const { hosts, ssh: settings, redactor } = options
  withholdVariables(options.secretVariables ?? [])
  const directory = await makeControlDirectory()
  const ssh = openSsh(hosts, settings, directory)
  const resolveSecret = secretResolver(redactor)
  const sql = openSql(resolveSecret, settings.connectTimeoutSeconds)
  const log = callLog()
  const closing = new AbortController()
  const commands = trackPendingCalls()

  /** Once, and told once, however many hosts are asked at the same time. */
  const endingHere = new Map<string, Promise<number[]>>()
  async function endHere(hash: string): Promise<number[]> {
    const running = endingHere.get(hash)
    if (running) return running.then(() => [])
    const own = endAllLocal(hash).finally(() => endingHere.delete(hash))
    endingHere.set(hash, own)
    return own
  }

  return {
    ioFor({ key, signal, onProgress, onCall }) {
      const observers = [options.onCall, onCall].filter(one => one !== undefined)
      const io = makeIo({
        ssh: { run: commands.known(ssh.run) },
        runLocal: commands.known(runLocal),
        sql,
        resolveSecret,
        log,
        observed: observed(key, redactor, observers),
        keyHash: keyHashOf(key),
        signal: AbortSignal.any([signal, closing.signal]),
        onProgress: onProgress ?? (() => undefined),
      })
      return withRedactedFailures(io, redactor)
    },
    async connect(names = Object.keys(hosts)) {
      const ends = await Promise.allSettled(names.map(name => ssh.open(name)))
      return Object.fromEntries(
        names.map((name, index) => [
          name,
          ends[index]?.status === 'rejected' ? ends[index].reason : undefined,
        ]),
      )
    },
    async killOrphanedCommands(key, names = Object.keys(hosts)) {
      const hash = keyHashOf(key)
      const local = endHere(hash).then(pids => pids.map(pid => ({ host: localName, pid })))
      const remote = names.map(async host => (await ssh.endAll(host, hash)).map(pid => ({ host, pid })))
      return (await Promise.all([local, ...remote])).flat()
    },
    calls: log.all,
    changes: log.changes,
    async close() {
      closing.abort(new Error('the transport is closed'))
      await commands.ended()
      await sql.close()
      await removeControlDirectory(directory)
    },
  }
}

const keyHashOf = (key: string): string => createHash('sha256').update(key).digest('hex').slice(0, 16)
