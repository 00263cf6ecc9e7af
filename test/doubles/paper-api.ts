import { afterEach, expect, it } from 'vitest'
import { answerTo } from '../../lab/hypervisor/api/http/answer-to.ts'
import { fromPairs } from '../../lab/hypervisor/api/http/body.ts'
import { type Around, hypervisorOf } from '../../lab/hypervisor/api/hypervisor.ts'
import { parseUsers } from '../../lab/hypervisor/api/permissions/users.ts'
import type { NetworkInterface } from '../../lab/hypervisor/api/routes/interfaces.ts'
import type { TaskStore } from '../../lab/hypervisor/api/tasks/store.ts'
import type { HttpRequest, HttpResponse } from '../../src/model/io.ts'
import { judgedIo } from '../helpers/pve-judged-io.ts'
import { absent, loadPveSchema } from '../helpers/pve-schema.ts'
import { paperMachines } from './paper-machines.ts'
import type { PaperSite } from './paper-site.ts'

/** The secret of the token `bascule@pve!move`, which may do everything. */
export const paperSecret = 'b0a7c2de-5d8f-4f0e-9a51-2f6f3c1d7e90'
const users = parseUsers(`
user:bascule@pve:1:0::::::
token:bascule@pve!move:0:0::
acl:1:/:bascule@pve:Administrator:
`)
users.secrets.set('bascule@pve!move', paperSecret)
const fingerprint = Array(32).fill('AB').join(':')

const schema = await loadPveSchema()
const misspoken: string[] = []
afterEach(() => expect(misspoken.splice(0)).toEqual([]))
if (schema === undefined) it.skip(absent, () => undefined)

/**
 * The laboratory's API of Proxmox VE before machines of paper, without a socket. A task has ended when its request is
 * answered. Each request and each answer is judged by PVE's schema: what is wrong fails the test.
 */
export function paperApi(
  site: PaperSite,
  around: Around = {},
): (request: HttpRequest) => Promise<HttpResponse> {
  const machines = paperMachines(site, '/nowhere')
  const hypervisor = hypervisorOf(machines, fingerprint, {
    interfaces: async () => paperInterfaces,
    taskStore: memoryStore(),
    users: () => users,
    ...around,
  })
  async function http({ method, url, headers, body: sent }: HttpRequest): Promise<HttpResponse> {
    const { pathname: path, searchParams } = new URL(url)
    const parameters = () => fromPairs(sent === undefined ? searchParams : new URLSearchParams(sent))
    const authorization = headers?.authorization ?? ''
    const { status, reason, body } = await answerTo(hypervisor, { method, path, authorization, parameters })
    await hypervisor.tasks.settled()
    return { status, reason, headers: {}, body: new TextEncoder().encode(body), milliseconds: 1 }
  }
  return schema ? judgedIo({ http }, schema, what => misspoken.push(what)).http : http
}

const link = (iface: string, type: 'bridge' | 'eth', priority: number): NetworkInterface => ({
  ...{ iface, type, priority, active: 1, autostart: 1, exists: 1, method: 'manual', families: ['inet'] },
})
export const paperInterfaces = [
  link('vmbr0', 'bridge', 3),
  link('vmbr9', 'bridge', 4),
  link('eth0', 'eth', 5),
]

/** Tasks that have ended; the API itself knows those that run. */
function memoryStore(): TaskStore {
  const logs = new Map<string, string[]>()
  const ended = new Map<string, { endtime: number; status: string }>()
  return {
    begin: upid => void logs.set(upid, []),
    write: (upid, line) => void logs.get(upid)?.push(line),
    end: (upid, endtime, status) => void ended.set(upid, { endtime, status }),
    exists: upid => logs.has(upid),
    lines: upid => logs.get(upid) ?? [],
    statusOf: upid => ended.get(upid)?.status ?? 'unexpected status',
    ended: () => [...ended].map(([upid, end]) => ({ upid, ...end })).reverse(),
  }
}
