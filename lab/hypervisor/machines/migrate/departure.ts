import type { Host } from '../host.ts'
import type { MigrateRequest, TaskLog } from '../types.ts'
import { connectThrough } from './connect.ts'
import { AlreadyThere, type Control, type DiskOffer } from './control.ts'

/** What a migration needs, online or offline. */
export type Departure = {
  host: Host
  vmid: number
  request: MigrateRequest
  disks: readonly LocalDisk[]
  control: Control
  ticket: string
  say(text: string): void
  log: TaskLog
}
export type LocalDisk = DiskOffer & { volid: string; path: string }

/** What the target's sockets are reached through. */
export const through =
  ({ request, ticket }: Departure, socket: string) =>
  () =>
    connectThrough(request.endpoint, request.targetVmid, { socket, ticket })

/** An order whose answer is lost may have been carried out. */
export async function handOver({ control }: Departure): Promise<void> {
  try {
    await control.ask('unlock', {})
  } catch (error) {
    throw new AlreadyThere(error)
  }
}
