import { secondsBetween } from '../../model/instant.ts'
import type { Argv, ReadIo } from '../../model/io.ts'
import { typed } from '../kit/by-hand.ts'
import { connects } from '../kit/connect.ts'
import type { UnitState } from '../kit/managers.ts'
import { every, until } from '../kit/until.ts'
import { askUrl, inWords } from './ask.ts'
import { isHttp, isManaged, type PlainSide, type ServiceSide } from './sides.ts'

/**
 * `answers`: something is there, well or not. `status`: of HTTP alone. `said`: what the service, its command or its manager said, in
 * a few words.
 */
export type Health = {
  healthy: boolean
  answers: boolean
  said: string
  milliseconds: number
  status?: number
}

/** How the plan says that the service is asked: by HTTP, or at its own host. */
export async function askHealth(at: ServiceSide, io: ReadIo): Promise<Health> {
  if (!isHttp(at)) return askPlain(at, io)
  const answer = await askUrl(at, io)
  const { status, milliseconds } = answer
  return {
    healthy: status === at.spec.health.status,
    answers: status !== undefined,
    said: inWords(answer),
    milliseconds,
    ...(status !== undefined && { status }),
  }
}

function askPlain(at: PlainSide, io: ReadIo): Promise<Health> {
  const { health } = at.spec
  if (health.by === 'unit') return askManager(at, io)
  return askCommand(at, health.by === 'port' ? connects(...portOf(at, health)) : commandOf(health), io)
}

/** Of a command that does not end by itself, `timeout` makes exit code 124, and 137 where it ignores that. */
const commandOf = ({ argv, timeoutSeconds }: { argv: Argv; timeoutSeconds: number }): Argv => [
  ...['timeout', '--kill-after=2', String(timeoutSeconds)],
  ...argv,
]

const portOf = (at: PlainSide, health: { port: number; address?: string | undefined }) =>
  [health.address ?? at.host.address, health.port] as const

/** A host that cannot be reached is no answer: that fails as it is. */
async function askCommand(at: PlainSide, argv: Argv, io: ReadIo): Promise<Health> {
  const begun = io.now()
  const { exitCode, stdout, stderr } = await io.read(at.host.ssh, argv, { allowFailure: true })
  const healthy = exitCode === 0
  const last = (stderr.trim() || stdout.trim()).split('\n').at(-1)?.slice(0, 200) ?? ''
  const said = healthy ? 'exit 0' : `exit ${exitCode}${last && `: ${last}`}`
  return { healthy, answers: healthy, said, milliseconds: secondsBetween(begun, io.now()) * 1000 }
}

/** A service that ends and is started again lives shorter than this, or is between two lives. */
const lifeSeconds = 3

async function askManager(at: ServiceSide, io: ReadIo): Promise<Health> {
  if (!isManaged(at)) throw new TypeError(`${at.component} has no manager to ask`)
  const begun = io.now()
  let first: UnitState | undefined
  const look = async () => {
    const state = at.manager.readLook(
      await io.read(at.host.ssh, at.manager.look(at.unit), { allowFailure: true }),
    )
    const healthy = state.active && state.life === (first?.life ?? state.life)
    const milliseconds = secondsBetween(begun, io.now()) * 1000
    const health = { healthy, answers: state.running, said: state.said, milliseconds }
    if (first !== undefined || !healthy) return { done: health }
    first = state
    return { waiting: health }
  }
  return until(io, look, { looks: 2, ...every(lifeSeconds), otherwise: health => ({ done: health }) })
}

/** What is asked, for people: a request, a command to type, a port, a unit. */
export function questionOf(at: ServiceSide): string {
  if (isHttp(at)) return at.url + at.spec.health.path
  const { health } = at.spec
  if (health.by === 'port') return `tcp ${portOf(at, health).join(' ')}`
  return health.by === 'unit' ? (at.unit ?? '') : typed(health.argv)
}
