import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, mkdirSync, rmSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { until } from '../../../until.ts'
import { clearLock } from '../config/change.ts'
import { removeConfig, storeConfig } from '../config/files.ts'
import { drivesOf, formatDrive } from '../config/properties.ts'
import { type Host, migrationSocket, nbdSocket, runDirectory } from '../host.ts'
import { startMachine } from '../machine/start.ts'
import { stopMachine } from '../machine/stop.ts'
import { nodeOf } from '../qemu/commands.ts'
import { monitor, runningPid } from '../qemu/process.ts'
import { Refusal } from '../refusal.ts'
import { serveImage } from '../storage/commands.ts'
import { acceptedFormat, allocate, placeOf, removeVolume } from '../storage/volumes.ts'
import type { Config, TaskLog } from '../types.ts'
import { type DiskOffer, type Handlers, tunnelVersion } from './control.ts'

/** A machine on its way here, and everything that was made for it so far. */
export class Arrival {
  private readonly host: Host
  private readonly vmid: number
  private readonly log: TaskLog
  private volumes: Record<string, string> = {}
  private server: ChildProcess | undefined
  /** Names that the source may ask for, and the sockets behind them. */
  readonly sockets = new Map<string, string>()
  /** From here on nothing of it is taken away again: it runs here, or the source was told that all is here. */
  arrived = false

  constructor(host: Host, vmid: number, log: TaskLog) {
    this.host = host
    this.vmid = vmid
    this.log = log
  }

  handlers = (): Handlers => ({
    version: async () => ({ version: tunnelVersion }),
    config: ({ config, disks }) => this.define(config, disks),
    disk: ({ key }) => this.offerDisk(key),
    start: () => this.start(),
    resume: () => this.resume(),
    abort: async () => {
      await this.abort()
      return {}
    },
    unlock: async () => {
      await clearLock(this.host, this.vmid)
      this.arrived = true
      return {}
    },
    quit: async () => ({}),
  })

  private async define(config: Config, disks: DiskOffer[]) {
    for (const { key, storage, format, sizeBytes } of disks) {
      const accepted = acceptedFormat(this.host, storage, format)
      const place = await allocate(this.host, { storage, vmid: this.vmid, sizeBytes, format: accepted })
      this.volumes[key] = place.volid
    }
    const drives = drivesOf(config).flatMap(drive => {
      const volid = this.volumes[drive.key]
      return volid === undefined ? [] : [[drive.key, formatDrive({ ...drive, volid })]]
    })
    const current = { ...config, ...Object.fromEntries(drives), lock: 'migrate' }
    storeConfig(this.host, this.vmid, { current, snapshots: {}, special: {} })
    return { volumes: this.volumes }
  }

  private async offerDisk(key: string) {
    const place = placeOf(this.host, this.volumes[key] ?? '')
    const path = nbdSocket(this.host, this.vmid)
    mkdirSync(runDirectory(this.host), { recursive: true })
    rmSync(path, { force: true })
    const [file = '', ...args] = serveImage(place.path, place.format, nodeOf(key), path)
    // It ends by itself when the one connection to it ends.
    this.server = spawn(file, args, { stdio: 'ignore' })
    await appears(path, this.server)
    return { socket: this.offer('nbd', path), name: nodeOf(key) }
  }

  private async start() {
    const [migrate, nbd] = [migrationSocket(this.host, this.vmid), nbdSocket(this.host, this.vmid)]
    for (const path of [migrate, nbd]) rmSync(path, { force: true })
    await startMachine(this.host, this.vmid, { incoming: migrate, skiplock: true })
    await monitor(this.host, this.vmid, async qmp => {
      await qmp.execute('nbd-server-start', { addr: { type: 'unix', data: { path: nbd } } })
      for (const key of Object.keys(this.volumes)) {
        const node = { 'node-name': nodeOf(key), name: nodeOf(key) }
        await qmp.execute('block-export-add', { type: 'nbd', id: nodeOf(key), ...node, writable: true })
      }
    })
    this.log.line(`migration listens on unix:${migrate}`)
    this.log.line(`storage migration listens on nbd:unix:${nbd}`)
    return { migrate: this.offer('migrate', migrate), nbd: this.offer('nbd', nbd) }
  }

  private offer(name: string, path: string): string {
    const shown = `/run/qemu-server/${this.vmid}.${name}`
    this.sockets.set(shown, path)
    return shown
  }

  private async resume() {
    const resumedAtMilliseconds = await monitor(this.host, this.vmid, async qmp => {
      const giveUpAt = performance.now() + 30_000
      for (;;) {
        const { status } = (await qmp.execute('query-status')) as { status: string }
        if (status === 'paused' || status === 'prelaunch') break
        if (performance.now() > giveUpAt) throw new Refusal(`machine is '${status}', its memory has not come`)
        await sleep(2)
      }
      await qmp.execute('nbd-server-stop')
      // From here on the guest's own clock runs here.
      this.arrived = true
      await qmp.execute('cont')
      const { timestamp } = await qmp.event(({ event }) => event === 'RESUME', 10)
      return timestamp.seconds * 1000 + timestamp.microseconds / 1000
    })
    return { resumedAtMilliseconds }
  }

  /** As if nothing had come. */
  async abort(): Promise<void> {
    if (this.arrived) throw new Refusal('machine runs here already')
    this.server?.kill()
    try {
      if (runningPid(this.host, this.vmid) !== undefined)
        await stopMachine(this.host, this.vmid, { skiplock: true, timeoutSeconds: 10 }, this.log)
    } finally {
      for (const volid of Object.values(this.volumes)) this.remove(volid)
      this.volumes = {}
      removeConfig(this.host, this.vmid)
    }
  }

  private remove(volid: string): void {
    try {
      removeVolume(this.host, volid)
    } catch (error) {
      this.log.warn(error instanceof Error ? error.message : String(error))
    }
  }
}

async function appears(path: string, server: ChildProcess): Promise<void> {
  const isThere = (): boolean => {
    if (existsSync(path)) return true
    if (server.exitCode !== null) throw new Refusal(`qemu-nbd ended with ${server.exitCode}`)
    return false
  }
  if (await until(isThere, { seconds: 20, everySeconds: 0.02 })) return
  throw new Refusal('qemu-nbd does not listen')
}
