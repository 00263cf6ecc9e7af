import type { Host } from '../host.ts'
import type { MigrateRequest, TaskLog } from '../types.ts'

export async function migrateOut(
  _host: Host,
  _vmid: number,
  _request: MigrateRequest,
  _log: TaskLog,
): Promise<void> {
  throw new Error('not there yet')
}
