import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import type { IncomingMessage } from 'node:http'
import { request } from 'node:https'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import type { Hypervisor } from '../../lab/hypervisor/api/http/call.ts'
import { openHypervisor } from '../../lab/hypervisor/api/hypervisor.ts'
import type { Machines } from '../../lab/hypervisor/machines/types.ts'
import { paperInterfaces } from '../doubles/paper-api.ts'
import { paperMachines } from '../doubles/paper-machines.ts'
import { PaperSite } from '../doubles/paper-site.ts'
import { temporaryFolder } from './temporary-folder.ts'

export type Answer = {
  status: number
  reason: string
  /** The body when it is not JSON. */
  text: string
  data: unknown
  message: string
  errors: Record<string, string>
  total: number | undefined
}
type Given = Record<string, string | number | string[]>

export type TestApi = {
  hypervisor: Hypervisor
  root: string
  port: number
  certificate: string
  /** As the token with the rights; `as` is a whole Authorization header, null for none. */
  ask(
    method: string,
    path: string,
    given?: Given,
    options?: { as?: string | null; format?: string },
  ): Promise<Answer>
  /** Begins a task, waits for its end; gives its exit status. */
  task(method: string, path: string, given?: Given): Promise<string>
  close(): Promise<void>
}

export type PaperApi = TestApi & { site: PaperSite }

export const node = 'montpellier'
export const rights = {
  full: 'PVEAPIToken=bascule@pve!full=secret-full',
  /** A separated token of a user with all rights, but without an entry of its own. */
  bare: 'PVEAPIToken=bascule@pve!bare=secret-bare',
  audit: 'PVEAPIToken=bascule@pve!audit=secret-audit',
}
const userConfig = `user:bascule@pve:1:0::::::
user:gone@pve:0:0::::::
token:bascule@pve!full:0:1::
token:bascule@pve!bare:0:1::
token:bascule@pve!audit:0:1::
token:bascule@pve!late:1000:1::
token:gone@pve!full:0:0::

acl:1:/:bascule@pve,bascule@pve!full,bascule@pve!late:Administrator:
acl:1:/:bascule@pve!audit:PVEAuditor:
`
const tokens = ['full', 'bare', 'audit', 'late'].map(name => `bascule@pve!${name} secret-${name}\n`).join('')

/** The API with machines of paper: 101 runs, 102 is off. Nothing is shared between two of them. */
export async function openTestApi(): Promise<PaperApi> {
  const site = new PaperSite(node)
  for (const [vmid, name] of [
    [101, 'auth'],
    [102, 'courses'],
  ] as const) {
    const config = {
      ...{ agent: '1', cores: '1', cpu: 'Westmere', memory: '512', name, onboot: '1' },
      net0: 'virtio=BC:24:11:00:00:01,bridge=vmbr0',
      scsi0: `local:${vmid}/vm-${vmid}-disk-0.qcow2,size=512M`,
    }
    site.machines.set(vmid, { config, running: vmid === 101 })
  }
  return { ...(await serveTestApi(paperMachines(site, makeRoot()))), site }
}

/** An empty node: users, storages, certificate. */
export function makeRoot(): string {
  const root = temporaryFolder('pve')
  prepareRoot(root)
  const storages =
    'dir: local\n\tpath /var/lib/vz\n\tcontent images,backup,iso\n\n' +
    'lvmthin: thin\n\tthinpool data\n\tvgname pve\n\tcontent images\n'
  writeFileSync(join(root, 'etc/pve/storage.cfg'), storages)
  return root
}

/** What the API itself needs of a node. */
export function prepareRoot(root: string): void {
  for (const directory of ['priv', 'ha', 'local', 'qemu-server'])
    mkdirSync(join(root, 'etc/pve', directory), { recursive: true })
  writeFileSync(join(root, 'etc/pve/user.cfg'), userConfig)
  writeFileSync(join(root, 'etc/pve/priv/token.cfg'), tokens)
  const local = (name: string) => join(root, 'etc/pve/local', name)
  const names = 'subjectAltName=DNS:localhost,IP:127.0.0.1'
  const argv = [
    ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'],
    ...[
      '-subj',
      `/CN=${node}`,
      '-addext',
      names,
      '-keyout',
      local('pve-ssl.key'),
      '-out',
      local('pve-ssl.pem'),
    ],
  ]
  execFileSync('openssl', argv, { stdio: 'ignore' })
}

export async function serveTestApi(machines: Machines): Promise<TestApi> {
  const { root } = machines
  const local = (name: string) => readFileSync(join(root, 'etc/pve/local', name), 'utf8')
  const certificate = local('pve-ssl.pem')
  const { server, hypervisor } = openHypervisor(machines, {
    certificate: { cert: certificate, key: local('pve-ssl.key') },
    unauthorizedDelaySeconds: 0,
    interfaces: async () => paperInterfaces,
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const ask: TestApi['ask'] = (method, path, given = {}, { as = rights.full, format = 'json' } = {}) =>
    send({ port, certificate, method, path: `/api2/${format}${path}`, given, as })
  return {
    hypervisor,
    root,
    port,
    certificate,
    ask,
    task: async (method, path, given = {}) => {
      const begun = await ask(method, path, given)
      if (begun.status !== 200)
        throw new Error(`${begun.status} ${begun.reason} ${JSON.stringify(begun.errors)}`)
      await hypervisor.tasks.settled()
      const { data } = await ask(
        'GET',
        `/nodes/${node}/tasks/${encodeURIComponent(String(begun.data))}/status`,
      )
      return (data as { exitstatus: string }).exitstatus
    },
    close: async () => {
      server.closeAllConnections()
      await new Promise(resolve => server.close(resolve))
      await hypervisor.tasks.settled()
    },
  }
}

type Sent = {
  port: number
  certificate: string
  method: string
  path: string
  given: Given
  as: string | null
}

async function send({ port, certificate, method, path, given, as }: Sent): Promise<Answer> {
  const pairs = new URLSearchParams()
  for (const [name, value] of Object.entries(given))
    for (const one of Array.isArray(value) ? value : [value]) pairs.append(name, String(one))
  const inBody = method === 'POST' || method === 'PUT'
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    const asked = request({
      host: '127.0.0.1',
      port,
      method,
      path: inBody || pairs.size === 0 ? path : `${path}?${pairs}`,
      ca: certificate,
      agent: false,
      headers: {
        ...(as === null ? {} : { authorization: as }),
        ...(inBody ? { 'content-type': 'application/x-www-form-urlencoded' } : {}),
      },
    })
    asked.once('response', resolve)
    asked.once('error', reject)
    asked.end(inBody ? String(pairs) : undefined)
  })
  let text = ''
  for await (const chunk of response.setEncoding('utf8')) text += chunk
  const body = /json/.test(response.headers['content-type'] ?? '') ? JSON.parse(text) : {}
  return {
    status: response.statusCode ?? 0,
    reason: response.statusMessage ?? '',
    text,
    data: body.data,
    message: body.message ?? '',
    errors: body.errors ?? {},
    total: body.total,
  }
}
