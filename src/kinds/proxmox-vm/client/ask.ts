import { Failure } from '../../../model/failure.ts'
import type { HttpRequest, ReadIo } from '../../../model/io.ts'
import type { MachineSide } from '../sides.ts'
import { encodeParams, type Params } from './params.ts'
import { refused } from './refusal.ts'

export type Method = 'GET' | 'POST' | 'PUT' | 'DELETE'
/** Where the API is and which machine the calls are about, whatever its number is. */
export type PveAt = Pick<MachineSide, 'siteTitle' | 'api' | 'node' | 'vmid' | 'host'>

/**
 * PVE lets a wrong token wait 3 s, its proxy gives up on another node after 30 s, and a freeze of the guest's disks may
 * take as long as the guest flushes.
 */
const defaultTimeoutSeconds = 45

/**
 * One request; gives its `data`. Throws Failure, with a PveRefusal as its cause when PVE answered. Nothing, and so no
 * token, is sent to a server whose certificate is not the plan's.
 */
export async function ask(
  at: PveAt,
  io: ReadIo,
  method: Method,
  path: string,
  params: Params = {},
  options: { timeoutSeconds?: number; evenAborted?: boolean } = {},
): Promise<unknown> {
  const encoded = encodeParams(params)
  const inBody = method === 'POST' || method === 'PUT'
  const request: HttpRequest = {
    method,
    url: `${at.api.url}/api2/json${path}${inBody || encoded === '' ? '' : `?${encoded}`}`,
    headers: {
      authorization: `PVEAPIToken=${at.api.token}=${await io.secret(at.api.secret)}`,
      ...(inBody ? { 'content-type': 'application/x-www-form-urlencoded' } : {}),
    },
    ...(inBody ? { body: encoded } : {}),
    pinnedCertificateSha256: at.api.fingerprint,
    timeoutSeconds: options.timeoutSeconds ?? defaultTimeoutSeconds,
    ...(options.evenAborted ? { evenAborted: true } : {}),
  }
  const { status, reason = '', body } = await io.http(request)
  const answer = parse(new TextDecoder().decode(body))
  if (status === 200 && answer) return answer.data ?? null
  const asked = { site: at.siteTitle, ssh: at.host.ssh, api: at.api, method, path }
  if (status !== 200) throw refused(asked, status, answer?.message ?? reason, answer?.errors ?? {})
  throw new Failure({ key: 'proxmox-vm.api.noPve', values: { site: at.siteTitle, url: at.api.url, path } })
}

type Answer = { data?: unknown; message?: string; errors?: Record<string, string> }

/** Undefined for what is no JSON object: another server, or PVE's proxy with a bare page. */
function parse(text: string): Answer | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined
  } catch {
    return undefined
  }
}
