import { createHash } from 'node:crypto'
import { Refusal } from '../../lab/hypervisor/machines/refusal.ts'
import type { Endpoint } from '../../lab/hypervisor/machines/types.ts'
import type { HttpRequest, HttpResponse } from '../../src/model/io.ts'
import { type Die, dying } from '../helpers/judged-io.ts'
import { paperApi, paperSecret } from './paper-api.ts'
import { imagePath, PaperSite, volumePath } from './paper-site.ts'
import { type RecordingIo, recordingIo } from './recording.ts'
import type { Answer, CommandCall, RecordedCall } from './recording-answers.ts'

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

/** What a command says; nothing is success. */
export type Said = { stdout?: string; stderr?: string; exitCode?: number }

/** Two hypervisors that do at once what they are asked: for what must hold whatever is cut off where. */
export class PaperHypervisors {
  readonly source = new PaperSite('montpellier')
  readonly target = new PaperSite('toulouse')
  readonly secret = paperSecret
  /** A migration is refused in words that repeat the token it was given; the log of its task always does. */
  refusesAloud = false
  /** Programs that neither has. */
  readonly missing = new Set<string>()
  private clock = Date.parse('2026-12-12T22:00:00Z')
  private readonly apis = new Map<PaperSite, (request: HttpRequest) => Promise<HttpResponse>>()

  constructor() {
    const { source, target } = this
    source.peer = target
    for (const [site, other] of [
      [source, target],
      [target, source],
    ] as const) {
      site.configInArchives = () => ({ ...source.machines.get(101)?.config })
      const remoteNode = async ({ token }: Endpoint) => {
        if (this.refusesAloud) throw new Refusal(`invalid value: {"target-endpoint":"apitoken=${token}"}`)
        return other.node
      }
      this.apis.set(site, paperApi(site, { remoteNode }))
    }
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

  /** A door; with `die`, the program at it dies there. */
  io(die?: Die): RecordingIo {
    const answer: Answer = { takes: () => true, give: call => this.answer(call) }
    const secrets = {
      'file:/secrets/pve-montpellier': this.secret,
      'file:/secrets/pve-toulouse': this.secret,
    }
    const io = recordingIo({ answers: [answer], secrets })
    return dying(
      { ...io, now: () => this.later(0.25), sleep: async seconds => void this.later(seconds) },
      die,
    )
  }

  /** A look at the clock takes a while, too, so that no two things happen at once. */
  private later(seconds: number): string {
    this.clock += seconds * 1000
    return new Date(this.clock).toISOString()
  }

  private async answer(call: RecordedCall): Promise<unknown> {
    if (call.method === 'http') return this.http(call.request)
    const site = call.where.startsWith('toulouse') ? this.target : this.source
    if (call.method !== 'writeFile')
      return { stdout: '', stderr: '', exitCode: 0, ...this.command(site, call as CommandCall) }
    site.files.set(call.path, call.content)
    return 'written'
  }

  private async http(request: HttpRequest): Promise<HttpResponse> {
    const site = new URL(request.url).hostname.endsWith('.2.60') ? this.target : this.source
    return (this.apis.get(site) as typeof this.http)(request)
  }

  protected command(site: PaperSite, { argv }: CommandCall): Said {
    const [program = '', ...words] = argv
    const last = words.at(-1) ?? ''
    const there = site.files.get(last)
    const missing = { exitCode: 1, stdout: '' }
    switch (program) {
      case 'pvesm':
        if (words[0] === 'free') return site.files.delete(volumePath(last)) ? {} : missing
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
      case 'which':
        return {
          stdout: words
            .slice(1)
            .filter(name => !this.missing.has(name))
            .map(name => `/usr/bin/${name}\n`)
            .join(''),
        }
      case 'socat':
      case 'zfs':
        return missing
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
}

const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex')
