import { Failure } from '../../../model/failure.ts'
import { composed, type Text } from '../../../model/text.ts'
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
  const name = names[status] ?? (status >= 595 && status <= 599 ? 'proxy' : 'refused')
  const text: Text = { key: composed(`proxmox-vm.api.${name}`), values }
  const remedy = { key: composed(`proxmox-vm.api.${name}.remedy`), values }
  return new Failure(text, { remedy, cause: new PveRefusal(status, message, errors) })
}

/** AnyEvent's own numbers 595 to 599: the node that was asked could not ask the node that the path names. */
const names: Record<number, string> = {
  400: 'parameters',
  401: 'unauthorised',
  403: 'forbidden',
  501: 'unknownCall',
}

const inWords = (message: string, errors: Record<string, string>): string =>
  [message.trim(), ...Object.entries(errors).map(([name, why]) => `${name}: ${why.trim()}`)].join(' ')
