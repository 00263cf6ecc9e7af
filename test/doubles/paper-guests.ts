import type { ChangeIo, HttpRequest, HttpResponse } from '../../src/model/io.ts'
import { Killed, type PaperHypervisors, type PaperMachine, type PaperSite } from './paper-hypervisors.ts'

/** What runs in a machine: its files, its address, and whether its agent and its probe answer. */
export type PaperGuest = { files: Map<string, string>; address: string; agent: boolean; probe: boolean }
export type Die = { change: number; when: 'before' | 'after' }

const interfaces = '/etc/network/interfaces'

/** Guests for hypervisors of paper: they start, shut down, are asked by their agent; each start reads their own files. */
export class PaperGuests {
  readonly paper: PaperHypervisors
  readonly source = guest()
  readonly target = guest()
  /** Of copies, by their number. */
  private readonly copies = new Map<number, PaperGuest>()
  constructor(paper: PaperHypervisors) {
    this.paper = paper
  }

  io(die?: Die): ChangeIo {
    const base = this.paper.io()
    let changes = 0
    const changing = async <T>(act: () => Promise<T>): Promise<T> => {
      changes += 1
      const dies = changes === die?.change
      if (dies && die.when === 'before') throw new Killed()
      const given = await act()
      if (dies) throw new Killed()
      return given
    }
    return {
      ...base,
      change: (...call) => changing(() => base.change(...call)),
      writeFile: (...call) => changing(() => base.writeFile(...call)),
      http: request => {
        const act = async () => this.answer(request) ?? base.http(request)
        return request.method === 'GET' ? act() : changing(act)
      },
      sleep: async () => {},
      // A look at the clock takes a while, so that whoever waits comes to an end.
      now: () => {
        this.clock += 250
        return new Date(this.clock).toISOString()
      },
    }
  }
  private clock = 0

  private answer(request: HttpRequest): HttpResponse | undefined {
    const url = new URL(request.url)
    const isTarget = url.hostname.endsWith('.2.60')
    const site = isTarget ? this.paper.target : this.paper.source
    const [, number, path = ''] = /\/qemu\/(\d+)\/(.*)$/.exec(decodeURIComponent(url.pathname)) ?? []
    const vmid = Number(number)
    const own = vmid === 101 ? this[isTarget ? 'target' : 'source'] : this.copyOf(vmid)
    const params = new URLSearchParams(request.body ?? url.search)
    if (/^status\/(start|stop|shutdown)$/.test(path)) return this.power(site, vmid, own, path)
    return path.startsWith('agent/')
      ? this.agent(site.machines.get(vmid), own, path.slice(6), params)
      : undefined
  }

  private copyOf(vmid: number): PaperGuest {
    const known = this.copies.get(vmid) ?? guest()
    this.copies.set(vmid, known)
    return known
  }

  private power({ node, machines }: PaperSite, vmid: number, own: PaperGuest, path: string): HttpResponse {
    Object.assign(machines.get(vmid) ?? {}, { running: path === 'status/start' })
    if (path === 'status/start') own.address = addressIn(own)
    return data(`UPID:${node}:0000A1B2:00C3D4E5:6928A0F0:qm:101:bascule@pve!move:`)
  }

  private agent(
    machine: PaperMachine | undefined,
    own: PaperGuest,
    command: string,
    params: URLSearchParams,
  ): HttpResponse {
    if (!own.agent || !machine?.running) return refused('QEMU guest agent is not running')
    const file = params.get('file') ?? ''
    if (command === 'file-read') return data({ content: own.files.get(file) ?? '' })
    if (command === 'file-write') {
      own.files.set(file, Buffer.from(params.get('content') ?? '', 'base64').toString())
      return data(null)
    }
    if (command === 'network-get-interfaces')
      return data({ result: [{ name: 'eth0', 'ip-addresses': [{ 'ip-address': own.address }] }] })
    if (command === 'exec') {
      if (params.get('command') === '/sbin/apply-network') own.address = addressIn(own)
      return data({ pid: 1 })
    }
    return data(command === 'exec-status' ? { exited: 1, exitcode: own.probe ? 0 : 1 } : {})
  }
}

const addressIn = ({ files }: PaperGuest): string =>
  /address ([\d.]+)/.exec(files.get(interfaces) ?? '')?.[1] ?? ''
const guest = (): PaperGuest => ({
  files: new Map([[interfaces, 'address 10.80.1.30/24\ngateway 10.80.1.1\n']]),
  address: '10.80.1.30',
  agent: true,
  probe: true,
})
const answered = (status: number, reason: string, body: object): HttpResponse => ({
  ...{ status, reason, headers: {}, milliseconds: 1 },
  body: new TextEncoder().encode(JSON.stringify(body)),
})
const data = (value: unknown): HttpResponse => answered(200, 'OK', { data: value })
const refused = (message: string): HttpResponse => answered(500, message, { data: null, message })
