import type { ReadIo } from '../../../../model/io.ts'
import type { RemoteMigration } from '../../client/change.ts'
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
