import { randomBytes, timingSafeEqual } from 'node:crypto'
import { createConnection } from 'node:net'
import type { Duplex } from 'node:stream'
import { whileLocked } from '../config/change.ts'
import { findConfig, storeConfig } from '../config/files.ts'
import type { Host } from '../host.ts'
import { Refusal } from '../refusal.ts'
import { findStorage } from '../storage/configuration.ts'
import type { OpenTunnel, TaskLog } from '../types.ts'
import { Arrival } from './arrival.ts'
import { serveControl } from './control.ts'
import { joinStreams } from './join-streams.ts'

type Tunnel = {
  ticket: string
  control: string
  arrival: Arrival
  /** Takes the one connection over which the source gives its orders. */
  begin: ((stream: Duplex) => void) | undefined
}
const tunnels = new Map<string, Tunnel>()
const keyOf = (host: Host, vmid: number) => `${host.root} ${vmid}`
const secondsToJoin = 60

/** Reserves the number and waits for the source. Only what the ticket opens can be reached later. */
export async function openTunnel(
  host: Host,
  vmid: number,
  options: { storages?: readonly string[]; bridges?: readonly string[] },
  log: TaskLog,
): Promise<OpenTunnel> {
  for (const storage of options.storages ?? []) findStorage(host, storage)
  await whileLocked(host, vmid, () => {
    if (findConfig(host, vmid)) throw new Refusal(`VM ${vmid} already exists on node '${host.node}'`)
    storeConfig(host, vmid, { current: { lock: 'create' }, snapshots: {}, special: {} })
  })
  const arrival = new Arrival(host, vmid, log)
  const control = `/run/qemu-server/${vmid}.mtunnel`
  const tunnel: Tunnel = { ticket: randomBytes(24).toString('base64url'), control, arrival, begin: undefined }
  tunnels.set(keyOf(host, vmid), tunnel)
  const joined = new Promise<Duplex>((resolve, reject) => {
    tunnel.begin = resolve
    setTimeout(reject, secondsToJoin * 1000, new Refusal('no client connected to the tunnel')).unref()
  })
  const ended = serve(joined, tunnel, log).finally(() => tunnels.delete(keyOf(host, vmid)))
  return { ticket: tunnel.ticket, socket: control, ended }
}

/** Whatever ends the migration before the machine runs on here (or is whole here) takes it away again. */
async function serve(joined: Promise<Duplex>, { arrival }: Tunnel, log: TaskLog): Promise<void> {
  try {
    await serveControl(await joined, arrival.handlers())
    log.line('mtunnel exited')
  } finally {
    if (!arrival.arrived) await arrival.abort()
  }
}

/** The caller has judged the token. */
export function joinTunnel(
  host: Host,
  vmid: number,
  asked: { socket: string; ticket: string },
  stream: Duplex,
  head: Buffer,
): void {
  stream.on('error', () => stream.destroy())
  const tunnel = tunnels.get(keyOf(host, vmid))
  if (head.length > 0) stream.unshift(head)
  if (!tunnel || !sameText(tunnel.ticket, asked.ticket)) refuse(stream, '401 invalid ticket')
  else if (asked.socket === tunnel.control) joinControl(tunnel, stream)
  else joinSocket(tunnel.arrival.sockets.get(asked.socket), stream)
}

function joinControl(tunnel: Tunnel, stream: Duplex): void {
  const { begin } = tunnel
  tunnel.begin = undefined
  if (!begin) {
    refuse(stream, '403 tunnel is in use')
    return
  }
  accept(stream)
  begin(stream)
}

function joinSocket(path: string | undefined, stream: Duplex): void {
  if (path === undefined) {
    refuse(stream, '403 no such socket')
    return
  }
  const inner = createConnection(path)
  inner.once('error', () => refuse(stream, '500 socket does not answer'))
  inner.once('connect', () => {
    inner.removeAllListeners('error')
    accept(stream)
    joinStreams(stream, inner)
  })
}

const accept = (stream: Duplex) =>
  stream.write('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: pve-tunnel\r\n\r\n')
const refuse = (stream: Duplex, status: string) => {
  stream.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`)
}

function sameText(expected: string, given: string): boolean {
  const [one, other] = [Buffer.from(expected), Buffer.from(given)]
  return one.length === other.length && timingSafeEqual(one, other)
}
