import { Failure, hasCode } from '../../../model/failure.ts'
import type { MessageKey } from '../../../model/text.ts'
import type { ApiSpec } from '../spec.ts'

/** What PVE answered instead of data, whole. It is the `cause` of the Failure that people read. */
export class PveRefusal extends Error {
  readonly status: number
  /** Why each parameter was refused, by its name. */
  readonly errors: Record<string, string>
  constructor(status: number, message: string, errors: Record<string, string>) {
    super(message)
    this.name = 'PveRefusal'
    this.status = status
    this.errors = errors
  }
}

/** Undefined when PVE did not answer at all, or when it is another error. */
export function refusalOf(error: unknown): PveRefusal | undefined {
  if (error instanceof PveRefusal) return error
  return error instanceof Error && error.cause !== undefined ? refusalOf(error.cause) : undefined
}

/** No answer at all, a proxy without its node, a server that is being restarted: what it has begun goes on. */
export function isUnreachable(error: unknown): boolean {
  const status = refusalOf(error)?.status
  if (status !== undefined) return status >= 595 || [502, 503, 504].includes(status)
  return hasCode(error, 'no-answer')
}

type Asked = { site: string; api: ApiSpec; ssh: string; method: string; path: string }

export function refused(asked: Asked, status: number, message: string, errors: Record<string, string>) {
  const values = {
    site: asked.site,
    ssh: asked.ssh,
    method: asked.method,
    path: asked.path,
    status,
    message: inWords(message, errors),
    token: asked.api.token,
    user: asked.api.token.replace(/!.*$/, ''),
  }
  const [key, remedy] = sentences[status] ?? (status >= 595 && status <= 599 ? proxy : anyRefusal)
  return new Failure(
    { key, values },
    { remedy: { key: remedy, values }, cause: new PveRefusal(status, message, errors) },
  )
}

type Sentence = readonly [what: MessageKey, remedy: MessageKey]
const sentences: Record<number, Sentence> = {
  400: ['proxmox-vm.api.parameters', 'proxmox-vm.api.parameters.remedy'],
  401: ['proxmox-vm.api.unauthorised', 'proxmox-vm.api.unauthorised.remedy'],
  403: ['proxmox-vm.api.forbidden', 'proxmox-vm.api.forbidden.remedy'],
  501: ['proxmox-vm.api.unknownCall', 'proxmox-vm.api.unknownCall.remedy'],
}
/** AnyEvent's own numbers 595 to 599: the node that was asked could not ask the node that the path names. */
const proxy: Sentence = ['proxmox-vm.api.proxy', 'proxmox-vm.api.proxy.remedy']
const anyRefusal: Sentence = ['proxmox-vm.api.refused', 'proxmox-vm.api.refused.remedy']

const inWords = (message: string, errors: Record<string, string>): string =>
  [message.trim(), ...Object.entries(errors).map(([name, why]) => `${name}: ${why.trim()}`)].join(' ')
