import type { ManagerSpec } from '../kit/managers.ts'
import type { LoadSpec, ProbeSpec } from './probe-spec.ts'
import type { Written } from './spec.ts'

type HttpHealth = { by: 'http'; path: string; status: number }
/** How a service without a URL is asked, at its own host. */
export type PlainHealth =
  | { by: 'command'; argv: readonly string[]; timeoutSeconds: number }
  | { by: 'port'; port: number; address?: string | undefined }
  | { by: 'unit' }

type Common = {
  manager: ManagerSpec
  alsoStop?: readonly string[]
  log?: string
  startSeconds: number
  stopSeconds: number
}
/** One that people reach by HTTP, behind a maintenance page. `host` is absent only without a manager. */
export type HttpServiceSpec = Common & {
  health: HttpHealth
  source: { host?: string | undefined; url: string }
  target: { host?: string | undefined; url: string }
  publicUrl: string
  maintenance: NonNullable<Written['maintenance']>
  secrets: Record<string, string>
  probes: readonly ProbeSpec[]
  load?: LoadSpec
}
/** A worker, a share, a timer: nothing of HTTP. */
export type PlainServiceSpec = Common & {
  health: PlainHealth
  source: { host: string }
  target: { host: string }
}
export type ServiceSpec = HttpServiceSpec | PlainServiceSpec

/** What a plan's fields come to: `serviceSpec` has judged that they agree. */
export function modelled(fields: Written): ServiceSpec {
  const { source, target, health, publicUrl, maintenance: page, manager, startSeconds, stopSeconds } = fields
  const common = {
    manager,
    startSeconds,
    stopSeconds,
    ...(fields.alsoStop && { alsoStop: fields.alsoStop }),
    ...(fields.log !== undefined && { log: fields.log }),
  }
  if (typeof health === 'object' && 'path' in health)
    return {
      ...common,
      health: { by: 'http', ...health },
      source: { ...source, url: given(source.url) },
      target: { ...target, url: given(target.url) },
      publicUrl: given(publicUrl),
      maintenance: given(page),
      secrets: fields.secrets ?? {},
      probes: fields.probes,
      ...(fields.load && { load: fields.load }),
    }
  return {
    ...common,
    health: plainHealth(health),
    source: { host: given(source.host) },
    target: { host: given(target.host) },
  }
}

function plainHealth(health: Exclude<Written['health'], { path: string }>): PlainHealth {
  if (health === 'unit') return { by: 'unit' }
  if ('port' in health) return { by: 'port', ...health }
  return { by: 'command', argv: health.command, timeoutSeconds: health.timeoutSeconds }
}

function given<Value>(value: Value | undefined): Value {
  if (value === undefined) throw new TypeError('a validated plan has what its health asks for')
  return value
}

export const isHttpSpec = (spec: ServiceSpec): spec is HttpServiceSpec => spec.health.by === 'http'
