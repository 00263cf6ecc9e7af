import { formatDuration, formatMoment } from '../backup/words.ts'
import { clearLock, refuseLocked, setLock } from '../config/change.ts'
import { loadConfig } from '../config/files.ts'
import { drivesOf, formatNic, nicsOf } from '../config/properties.ts'
import type { Host } from '../host.ts'
import { destroyMachine } from '../machine/create.ts'
import { runningPid } from '../qemu/process.ts'
import { Refusal } from '../refusal.ts'
import { existingPlace, imageInfo } from '../storage/volumes.ts'
import type { Config, MigrateRequest, TaskLog } from '../types.ts'
import { callApi, connectThrough } from './connect.ts'
import { AlreadyThere, Control, tunnelVersion } from './control.ts'
import type { Departure, LocalDisk } from './departure.ts'
import { sendDisks } from './offline.ts'
import { sendRunning } from './online.ts'

/**
 * A machine to another cluster, over the other's API alone. Afterwards the source keeps it, stopped and locked, unless
 * it is to be deleted. When anything fails before, it is here as it was, and nothing of it is there.
 */
export async function migrateOut(
  host: Host,
  vmid: number,
  request: MigrateRequest,
  log: TaskLog,
): Promise<void> {
  const say = (text: string) => log.line(`${formatMoment(new Date())} ${text}`)
  const startedAt = performance.now()
  const { current, snapshots } = loadConfig(host, vmid)
  refuseLocked(current)
  const running = runningPid(host, vmid) !== undefined
  if (running && !request.online) throw new Refusal("can't migrate running VM without --online")
  if (!running && request.online) log.warn("VM isn't running. Doing offline migration instead.")
  await setLock(host, vmid, 'migrate')
  try {
    say(`starting migration of VM ${vmid} to node 'localhost' (${request.endpoint.host})`)
    refuseDevices(current)
    const disks = await localDisks(host, current, Object.keys(snapshots), request, say)
    const sent = mapped(current, request, say)
    await throughTunnel({ host, vmid, request, disks, say, log }, sent, running ? sendRunning : sendDisks)
  } catch (error) {
    if (error instanceof AlreadyThere) throw error
    await clearLock(host, vmid)
    say(`ERROR: migration aborted (duration ${duration(startedAt)}): ${wordsOf(error)}`)
    throw error instanceof Refusal ? new Refusal('migration aborted', { cause: error }) : error
  }
  if (request.delete) await destroyMachine(host, vmid, { skiplock: true }, log)
  say(`migration finished successfully (duration ${duration(startedAt)})`)
}

const duration = (startedAt: number) => formatDuration((performance.now() - startedAt) / 1000)
const wordsOf = (error: unknown) => (error instanceof Error ? error.message : String(error))

function refuseDevices(config: Config): void {
  const devices = Object.keys(config).filter(key => /^(hostpci|usb|serial|parallel)\d+$/.test(key))
  const local = devices.filter(key => config[key] !== 'socket' && config[key] !== 'spice')
  if (local.length > 0) throw new Refusal(`can't migrate VM which uses local devices: ${local.join(', ')}`)
}

async function localDisks(
  host: Host,
  config: Config,
  snapshots: readonly string[],
  { storageMap }: MigrateRequest,
  say: (text: string) => void,
): Promise<LocalDisk[]> {
  const disks: LocalDisk[] = []
  for (const { key, volid } of drivesOf(config)) {
    say(`found local disk '${volid}' (attached)`)
    const place = existingPlace(host, volid)
    const info = await imageInfo(place.path, place.format)
    if (snapshots.length > 0 || info.snapshots.length > 0) {
      say(`can't migrate local disk '${volid}': remote migration with snapshots not supported yet`)
      throw new Refusal("Problem found while scanning volumes - can't migrate VM - check log")
    }
    const storage = storageMap[place.storage] ?? storageMap['*'] ?? place.storage
    disks.push({ key, volid, storage, path: place.path, format: place.format, sizeBytes: info.virtualBytes })
  }
  return disks
}

function mapped(config: Config, { bridgeMap }: MigrateRequest, say: (text: string) => void): Config {
  const { lock: _, parent: __, ...kept } = config
  const sent: Config = { ...kept }
  for (const nic of nicsOf(config)) {
    if (nic.bridge === undefined) continue
    const bridge = bridgeMap[nic.bridge] ?? bridgeMap['*'] ?? nic.bridge
    say(`mapped: ${nic.key} from ${nic.bridge} to ${bridge}`)
    sent[nic.key] = formatNic({ ...nic, bridge })
  }
  return sent
}

async function throughTunnel(
  departure: Omit<Departure, 'control' | 'ticket'>,
  config: Config,
  send: (departure: Departure) => Promise<void>,
): Promise<void> {
  const { request, disks, say } = departure
  const { endpoint, targetVmid } = request
  const bridges = nicsOf(config).flatMap(({ bridge }) => bridge ?? [])
  const answer = await callApi(endpoint, `/api2/json/nodes/localhost/qemu/${targetVmid}/mtunnel`, {
    storages: [...new Set(disks.map(({ storage }) => storage))].join(','),
    bridges: [...new Set(bridges)].join(','),
  })
  const { ticket = '', socket = '' } = answer
  const control = new Control(await connectThrough(endpoint, targetVmid, { socket, ticket }))
  try {
    const { version } = await control.ask('version', {})
    say(`local WS tunnel version: ${tunnelVersion}`)
    say(`remote WS tunnel version: ${version}`)
    if (version !== tunnelVersion)
      throw new Refusal('Remote tunnel endpoint not compatible, upgrade required')
    const offers = disks.map(({ key, storage, format, sizeBytes }) => ({ key, storage, format, sizeBytes }))
    const { volumes } = await control.ask('config', { config, disks: offers })
    for (const { key, volid } of disks) say(`volume '${volid}' is '${volumes[key]}' on the target`)
    await send({ ...departure, control, ticket })
    await control.ask('quit', {}).catch(error => say(`closing tunnel failed: ${wordsOf(error)}`))
  } finally {
    // Without `quit` the target takes back what it made.
    control.close()
  }
}
