import { readFileSync } from 'node:fs'
import { request } from 'node:https'
import { join } from 'node:path'
import { json } from 'node:stream/consumers'
import { hostOf } from '../enter.ts'
import { apiPort, apiToken, certificatePath } from '../hosts/hypervisor.ts'
import { treeOf } from '../paths.ts'
import { type SecretName, secret } from '../secrets.ts'
import type { Lab } from '../types.ts'

type Site = 'montpellier' | 'toulouse'

/** One request of the lab itself to a site's hypervisor, as `/nodes/<site>/…`. Throws what it was refused with. */
export async function askHypervisor<T>(
  lab: Lab,
  site: Site,
  method: 'GET' | 'POST',
  path: string,
): Promise<T> {
  const host = `${site}-hypervisor`
  const token = `${apiToken}=${secret(lab.name, `pve-${site}` as SecretName)}`
  const asked = request({
    host: hostOf(lab, host).address,
    port: apiPort,
    method,
    path: `/api2/json/nodes/${site}${path}`,
    // It signs its own: the certificate is its own authority.
    ca: readFileSync(join(treeOf(lab.name, host), certificatePath)),
    headers: { authorization: `PVEAPIToken=${token}` },
    timeout: 30_000,
  })
  asked.on('timeout', () => asked.destroy(new Error(`${host} does not answer ${path}`)))
  const response = await new Promise<import('node:http').IncomingMessage>((resolve, reject) => {
    asked.on('response', resolve).on('error', reject).end()
  })
  const answer = (await json(response)) as { data: T; message?: string }
  if (response.statusCode === 200) return answer.data
  throw new Error(`${host} refused ${path}: ${answer.message ?? response.statusMessage}`)
}
