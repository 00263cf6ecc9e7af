import type { ChangeIo, ReadIo } from '../../../../model/io.ts'
import type { RemoteMigration } from '../../client/change.ts'
import { sameAttempt } from '../../client/kept-tasks.ts'
import type { MachineSide } from '../../sides.ts'

/**
 * Where the source's node finds the target's API, and with which token. It holds the token's secret: it goes into the body of one
 * request, and nothing of it is ever kept, told or thrown. `io.secret` has told the redactor of it by then.
 */
export async function endpointOf(io: ReadIo, { api }: MachineSide): Promise<RemoteMigration['endpoint']> {
  const { hostname, port } = new URL(api.url)
  return {
    host: hostname.replace(/^\[|\]$/g, ''),
    port: Number(port || 443),
    token: api.token,
    secret: await io.secret(api.secret),
    fingerprint: api.fingerprint,
  }
}

const mask = '[…]'

/**
 * A door through which the secret goes out and never comes back: a server that repeats what it was asked, in a refusal or in a
 * task's log, would else have it told and kept as its own words.
 */
export function withoutEcho(io: ChangeIo, { secret }: RemoteMigration['endpoint']): ChangeIo {
  const forms = [...new Set([secret, encodeURIComponent(secret)])]
  const clean = (text: string): string => forms.reduce((left, form) => left.replaceAll(form, mask), text)
  return sameAttempt(io, {
    ...io,
    async http(request) {
      const { reason, body, ...answer } = await io.http(request)
      const cleaned = new TextEncoder().encode(clean(new TextDecoder().decode(body)))
      return { ...answer, body: cleaned, ...(reason !== undefined && { reason: clean(reason) }) }
    },
  })
}
