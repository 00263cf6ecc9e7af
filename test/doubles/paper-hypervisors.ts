import { createHash } from 'node:crypto'
import type { JsonObject } from '../../src/model/json.ts'
import { type RecordingIo, recordingIo } from './recording.ts'
import type { Answer, CommandCall, HttpCall, RecordedCall } from './recording-answers.ts'

export type PaperMachine = { config: Record<string, string>; running: boolean; lock?: string }
/** One hypervisor: its machines, and every file of it (images, archives, notes) as a text. */
export class PaperSite {
  readonly node: string
  readonly machines = new Map<number, PaperMachine>()
  readonly files = new Map<string, string>()
  /** Notes of archives, by the path of the archive. */
  readonly notes = new Map<string, string>()
  constructor(node: string) {
    this.node = node
  }
  image(vmid: number): string | undefined {
    return this.files.get(imagePath(vmid))
  }
}

/** As root has it, by ssh: `qm status 101`, `qm shutdown 101 --timeout 60`. */
function qm(
  { machines }: PaperSite,
  [verb, vmid, ...options]: string[],
): { stdout?: string; exitCode?: number } {
  const machine = machines.get(Number(vmid))
  if (machine === undefined) return { exitCode: 255, stdout: '' }
  if (verb === 'status') return { stdout: `status: ${machine.running ? 'running' : 'stopped'}\nuptime: 7\n` }
  if (verb === 'agent') return { exitCode: machine.running ? 0 : 255 }
  if (verb === 'unlock') delete machine.lock
  if (verb === 'shutdown') machine.running = false
  if (verb === 'set') machine.config[(options[0] ?? '').slice(2)] = options[1] ?? ''
  return {}
}

const imagePath = (vmid: number): string => `/var/lib/vz/images/${vmid}/vm-${vmid}-disk-0.qcow2`
const dumpFolder = '/var/lib/vz/dump'
const volumePath = (volume: string): string =>
  volume.replace(/^local:backup\//, `${dumpFolder}/`).replace(/^local:(?=\d)/, '/var/lib/vz/images/')

/** Thrown where a test wants the orchestrator to die; what it had asked for has happened, or has not. */
export class Killed extends Error {}

/** What a command says; nothing is success. */
export type Said = { stdout?: string; stderr?: string; exitCode?: number }

/** Two hypervisors that do at once what they are asked: for what must hold whatever is cut off where. */
export class PaperHypervisors {
  readonly source = new PaperSite('montpellier')
  readonly target = new PaperSite('toulouse')
  readonly secret = 'b0a7c2de-5d8f-4f0e-9a51-2f6f3c1d7e90'
  /** Repeats what it was asked for: in the log of its task, or when it refuses. */
  echoes: 'in-log' | 'in-refusal' | undefined
  private dumps = 0
  private lastAsked = ''

  constructor() {
    const config = {
      scsi0: 'local:101/vm-101-disk-0.qcow2,size=512M',
      net0: 'virtio=BC:24:11:00:00:65,bridge=vmbr0',
    }
    this.source.machines.set(101, { config, running: true })
    this.source.files.set(imagePath(101), 'as it was installed')
  }

  /** The guest writes. */
  write(site: PaperSite, text: string): void {
    site.files.set(imagePath(101), `${site.image(101)}; ${text}`)
  }

  /** A door; `dieAt`: the change with this number is the last it does (`after`) or the first it does not. */
  io(dieAt?: { change: number; when: 'before' | 'after' }): RecordingIo {
    let changes = 0
    const answer: Answer = {
      takes: () => true,
      give: (call: RecordedCall) => {
        if (call.does !== 'change') return this.answer(call)
        changes += 1
        const dies = changes === dieAt?.change
        if (dies && dieAt.when === 'before') return new Killed()
        const given = this.answer(call)
        return dies ? new Killed() : given
      },
    }
    const secrets = {
      'file:/secrets/pve-montpellier': this.secret,
      'file:/secrets/pve-toulouse': this.secret,
    }
    return recordingIo({ answers: [answer], secrets })
  }

  private answer(call: RecordedCall): unknown {
    if (call.method === 'http') return this.api(call)
    const site = call.where.startsWith('toulouse') ? this.target : this.source
    if (call.method === 'writeFile') return having(site.files.set(call.path, call.content), 'written')
    return { stdout: '', stderr: '', exitCode: 0, ...this.command(site, call as CommandCall) }
  }

  protected command(site: PaperSite, { argv }: CommandCall): Said {
    const [program = '', ...words] = argv
    const last = words.at(-1) ?? ''
    const there = site.files.get(last)
    const missing = { exitCode: 1, stdout: '' }
    switch (program) {
      case 'pvesm':
        return { stdout: `${volumePath(last)}\n` }
      case 'cat':
        return there === undefined ? missing : { stdout: there }
      case 'stat': {
        if (there === undefined) return missing
        const isStamp = words.some(word => word.includes('%n'))
        return { stdout: isStamp ? `${hashOf(there)}\n` : `${there.length}\n` }
      }
      case 'sha256sum':
        return there === undefined ? missing : { stdout: `${hashOf(there)} *${last}\n` }
      case 'test':
        return words[0] === '-e' && there !== undefined ? {} : missing
      case 'readlink':
        return { stdout: `${last}\n` }
      case 'df':
        return { stdout: 'Avail\n999999999\n' }
      case 'rm':
        for (const path of site.files.keys()) {
          if (path === last || (words[0] === '-rf' && path.startsWith(`${last}/`))) site.files.delete(path)
        }
        return {}
      case 'mv':
      case 'ln':
        site.files.set(last, site.files.get(words.at(-2) ?? '') ?? '')
        if (program === 'mv') site.files.delete(words.at(-2) ?? '')
        return {}
      case 'qemu-img':
        site.files.set(last, site.files.get(words.at(-2) ?? '') ?? '')
        return {}
      case 'qm':
        return qm(site, words)
      case 'rsync':
        return this.rsync(words.at(-2) ?? '', last)
      case 'ssh':
      // nothing is at work here that an earlier attempt could have left
      case 'sh':
      case 'mkdir':
      case 'chmod':
        return {}
      default:
        throw new Error(`nobody taught this world ${argv.join(' ')}`)
    }
  }

  private rsync(from: string, to: string): { stdout: string } {
    const at = (name: string): [PaperSite, string] => {
      const remote = /^[\d.]+:(.*)$/.exec(name)?.[1]
      return remote === undefined ? [this.source, name] : [this.target, remote]
    }
    const [[sender, path], [receiver, into]] = [at(from), at(to)]
    const content = sender.files.get(path)
    if (content === undefined) throw new Error(`rsync: ${from} is not there`)
    receiver.files.set(into, content)
    const size = content.length
    return {
      stdout: `Total file size: ${size} bytes\nTotal bytes sent: ${size}\nTotal bytes received: ${size}\n`,
    }
  }

  private api({ request }: HttpCall): unknown {
    const url = new URL(request.url)
    const site = url.hostname.endsWith('.2.60') ? this.target : this.source
    const path = decodeURIComponent(url.pathname.replace(/^\/api2\/json\/nodes\/[^/]+/, ''))
    const params = Object.fromEntries(new URLSearchParams(request.body ?? url.search))
    try {
      return http(200, { data: this.call(site, request.method, path, params) as JsonObject })
    } catch (error) {
      if (!(error instanceof Refused)) throw error
      return http(500, { data: null, message: `${error.message}\n` })
    }
  }

  protected call(site: PaperSite, method: string, path: string, params: Record<string, string>): unknown {
    const task = (type: string): string =>
      `UPID:${site.node}:0000A1B2:00C3D4E5:6928A0F0:${type}:101:bascule@pve!move:`
    if (path.endsWith('/tasks')) return []
    if (/\/tasks\/.*\/status$/.test(path))
      return { status: 'stopped', exitstatus: 'OK', type: 'any', id: '101' }
    if (/\/tasks\/.*\/log$/.test(path)) {
      return this.echoes === 'in-log' && Number(params.start) === 0 ? [{ n: 1, t: this.lastAsked }] : []
    }
    if (path === '/storage') return [{ storage: 'local', type: 'dir', content: 'images,backup', avail: 1e9 }]
    const volume = /^\/storage\/local\/content\/(.+)$/.exec(path)?.[1]
    if (volume !== undefined) return having(this.remove(site, volumePath(volume)), null)
    if (path === '/storage/local/content') return this.archives(site)
    if (path === '/vzdump') return having(this.dump(site, params), task('vzdump'))
    if (path === '/qemu') return having(this.restore(site, params), task('qmrestore'))
    const vmid = Number(/^\/qemu\/(\d+)/.exec(path)?.[1])
    const machine = site.machines.get(vmid)
    if (machine === undefined)
      throw new Refused(`Configuration file 'nodes/${site.node}/qemu-server/${vmid}.conf' does not exist`)
    if (method === 'DELETE') return having(this.destroy(site, vmid), task('qmdestroy'))
    if (path.endsWith('/remote_migrate')) return having(this.migrate(site, vmid, params), task('qmigrate'))
    if (path.endsWith('/status/current')) {
      const { running, lock } = machine
      return { vmid, status: running ? 'running' : 'stopped', ...(lock && { lock }) }
    }
    if (method === 'PUT') Object.assign(machine.config, params)
    return machine.config
  }

  private archives(site: PaperSite) {
    const paths = [...site.files.keys()].filter(path => /\/dump\/vzdump-[^/]+$/.test(path))
    return paths.map(path => ({
      volid: path.replace(`${dumpFolder}/`, 'local:backup/'),
      format: 'vma.zst',
      size: site.files.get(path)?.length ?? 0,
      notes: site.notes.get(path) ?? '',
    }))
  }

  private remove(site: PaperSite, path: string): void {
    if (!site.files.delete(path)) throw new Refused(`volume ${path} does not exist`)
  }

  private dump(site: PaperSite, params: Record<string, string>): void {
    this.dumps += 1
    const path = `${dumpFolder}/vzdump-qemu-101-2026_12_12-22_00_${String(this.dumps).padStart(2, '0')}.vma.zst`
    site.files.set(path, site.image(101) ?? '')
    site.notes.set(path, params['notes-template'] ?? '')
  }

  /** What is given beside the archive stands in the config from the first on; drives are refused. */
  private restore(site: PaperSite, { vmid, archive = '', ...given }: Record<string, string>): void {
    const content = site.files.get(volumePath(archive))
    if (content === undefined) throw new Refused(`volume '${archive}' does not exist`)
    const { storage: _, unique: _unique, start: _start, ...settings } = given
    const drive = Object.keys(settings).find(key => /^(scsi|virtio|sata|ide)\d+$/.test(key))
    if (drive !== undefined) throw new Refused(`${drive}: option conflicts with option 'archive'`)
    this.appear(site, Number(vmid), content)
    Object.assign(site.machines.get(Number(vmid))?.config ?? {}, settings)
  }

  private migrate(site: PaperSite, vmid: number, params: Record<string, string>): void {
    this.lastAsked = JSON.stringify(params)
    if (this.echoes === 'in-refusal') throw new Refused(`invalid value: ${this.lastAsked}`)
    const machine = site.machines.get(vmid)
    if (machine?.lock !== undefined) throw new Refused(`VM is locked (${machine.lock})`)
    this.appear(this.target, Number(params['target-vmid']), site.image(vmid) ?? '', machine?.running)
    if (machine) Object.assign(machine, { running: false, lock: 'migrate' })
  }

  private appear(site: PaperSite, vmid: number, content: string, running = false): void {
    if (site.machines.has(vmid)) throw new Refused(`unable to create VM ${vmid} - VM ${vmid} already exists`)
    const config = {
      ...this.source.machines.get(101)?.config,
      scsi0: `local:${vmid}/vm-${vmid}-disk-0.qcow2`,
    }
    site.machines.set(vmid, { config: config as Record<string, string>, running })
    site.files.set(imagePath(vmid), content)
  }

  private destroy(site: PaperSite, vmid: number): void {
    site.machines.delete(vmid)
    site.files.delete(imagePath(vmid))
  }
}

export class Refused extends Error {}
/** The answer, once that is done. */
const having = <T>(_done: unknown, answer: T): T => answer
const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex')
const http = (status: number, body: JsonObject) => ({
  status,
  headers: {},
  body: new TextEncoder().encode(JSON.stringify(body)),
  milliseconds: 1,
})
