import { script } from '../kinds/kit/script.ts'
import { isAddress } from '../model/address.ts'
import { Failure } from '../model/failure.ts'
import type { Argv, ReadIo } from '../model/io.ts'
import type { Kind } from '../model/kind.ts'
import type { SiteSide } from '../model/plan.ts'
import { asRoot } from '../transport/become.ts'
import { factsIn, recordsOf } from './host-facts.ts'
import type { HostOutput } from './seen.ts'

const own = (name: string) => script(import.meta.dirname, `scripts/${name}.sh`)
const [login, host, jobs, certificates, platforms, mentions] = [
  own('login'),
  own('host'),
  own('jobs'),
  own('certificates'),
  own('platforms'),
  own('mentions'),
]
/** A disk that hangs must not hold the rest. */
const mostSeconds = 120

type Asked = { side: SiteSide; ssh: string }

/**
 * What every host prints of itself, changing nothing. Throws Failure when a host cannot be reached: a plan of half an estate would
 * look like a whole one. What a script alone could not read is `unseen`.
 */
export async function readHosts(
  hosts: readonly Asked[],
  kinds: Record<string, Kind>,
  io: ReadIo,
  onHost: (ssh: string) => void,
): Promise<HostOutput[]> {
  const first = await Promise.all(hosts.map(each => readHost(each, kinds, io, onHost)))
  const leaving = first
    .filter(({ side }) => side === 'source')
    .flatMap(({ outputs, ssh }) => factsIn(recordsOf(outputs.host ?? ''), ssh).addresses)
    .map(({ address }) => address)
  // what is no address was printed by something else, and must not become part of what other hosts look for
  const addresses = [...new Set(leaving.filter(isAddress))].sort()
  return Promise.all(
    first.map(async read => ({
      ...read,
      outputs: { ...read.outputs, mentions: await ask(io, read, mentions.argv(...addresses), 'mentions') },
    })),
  )
}

async function readHost(
  { side, ssh }: Asked,
  kinds: Record<string, Kind>,
  io: ReadIo,
  onHost: (ssh: string) => void,
): Promise<HostOutput> {
  onHost(ssh)
  const { stdout } = await io.read(ssh, login.argv(), { timeoutSeconds: mostSeconds })
  const at: HostOutput = { side, ssh, outputs: { login: stdout } }
  const asked: [string, Argv][] = [
    ['host', host.argv()],
    ['jobs', jobs.argv()],
    ['certificates', certificates.argv()],
    ['platforms', platforms.argv()],
    ...Object.entries(kinds).flatMap(([kind, { discover }]): [string, Argv][] =>
      discover?.argv === undefined ? [] : [[kind, discover.argv]],
    ),
  ]
  // one after the other: a host in use is not asked for all at once
  for (const [name, argv] of asked) at.outputs[name] = await ask(io, at, argv, name)
  return at
}

/** As root where that is allowed, else as who logs in. */
async function ask(io: ReadIo, { ssh, outputs }: HostOutput, argv: Argv, name: string): Promise<string> {
  const maySudo = /^sudo\tyes$/m.test(outputs.login ?? '')
  try {
    const { stdout } = await io.read(ssh, asRoot({ become: maySudo ? 'sudo' : 'runuser' }, argv), {
      allowFailure: true,
      timeoutSeconds: mostSeconds,
    })
    return stdout
  } catch (error) {
    if (error instanceof Failure && !io.signal.aborted) return `unseen\t${name}\n`
    throw error
  }
}
