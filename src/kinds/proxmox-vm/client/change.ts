import type { ChangeIo } from '../../../model/io.ts'
import type { Config, TaskEnd } from './answers.ts'
import { ask, type Method, type PveAt } from './ask.ts'
import { type Params, path } from './params.ts'
import { follow } from './task.ts'

/** `archive` restores it, else a new machine is made of the settings. Sizes and rates as PVE has them (KiB/s). */
export type Restore = {
  archive: string
  storage?: string
  unique?: boolean
  force?: boolean
  start?: boolean
  bwlimit?: number
  /** Options of the machine, instead of the archive's own; no drives. */
  settings?: Config
}
export type Dump = {
  storage: string
  mode: 'snapshot' | 'suspend' | 'stop'
  compress: '0' | 'gzip' | 'lzo' | 'zstd'
  bwlimit?: number
  'notes-template'?: string
  protected?: boolean
  remove?: boolean
}
export type RemoteMigration = {
  endpoint: { host: string; port: number; token: string; secret: string; fingerprint: string }
  targetVmid: number
  /** Source to target, or one name for all: `local:local`, `local`. */
  storages: string
  bridges: string
  online: boolean
  /** Removes the machine at the source when all went well. */
  delete: boolean
  bwlimit?: number
}

/**
 * Every call that changes something, for one machine at one site. What PVE does as a task is followed to its end, its
 * log told as it comes. Each throws Failure (see `ask` and `follow`).
 */
export function changePve(at: PveAt, io: ChangeIo) {
  const call = (method: Method, where: string, params: Params = {}) => ask(at, io, method, where, params)
  const task = async (method: Method, where: string, params: Params = {}): Promise<TaskEnd> =>
    follow(at, io, String(await call(method, where, params)))
  const node = (...parts: (string | number)[]): string => path('nodes', at.node, ...parts)
  const machine = (...parts: string[]): string => node('qemu', at.vmid, ...parts)

  return {
    /** A task that was begun before, by this program or an earlier one. */
    follow: (upid: string): Promise<TaskEnd> => follow(at, io, upid),
    stopTask: async (upid: string): Promise<void> => void (await call('DELETE', node('tasks', upid))),

    /** `digest` refuses the change when somebody else changed the settings since they were read. */
    configure: async (set: Params, options: { remove?: string[]; digest?: string } = {}): Promise<void> => {
      const { remove, digest } = options
      await call('PUT', machine('config'), { ...set, delete: remove?.join(',') || undefined, digest })
    },
    create: (config: Config): Promise<TaskEnd> => task('POST', node('qemu'), { ...config, vmid: at.vmid }),
    restore: ({ settings, ...restore }: Restore): Promise<TaskEnd> =>
      task('POST', node('qemu'), { ...settings, ...restore, vmid: at.vmid }),
    /** `purge` also from backup jobs, replication and HA. */
    destroy: (options: { purge?: boolean; destroyUnreferenced?: boolean } = {}): Promise<TaskEnd> =>
      task('DELETE', machine(), {
        purge: options.purge,
        'destroy-unreferenced-disks': options.destroyUnreferenced,
      }),

    start: (options: { timeoutSeconds?: number } = {}): Promise<TaskEnd> =>
      task('POST', machine('status', 'start'), { timeout: options.timeoutSeconds }),
    /** By the agent where it is enabled, else ACPI; `forceStop` switches it off when the time is over. */
    shutdown: (options: { timeoutSeconds: number; forceStop?: boolean }): Promise<TaskEnd> =>
      task('POST', machine('status', 'shutdown'), {
        timeout: Math.ceil(options.timeoutSeconds),
        forceStop: options.forceStop,
      }),
    /** Pulls the plug. */
    stop: (): Promise<TaskEnd> => task('POST', machine('status', 'stop')),

    dump: (dump: Dump): Promise<TaskEnd> => task('POST', node('vzdump'), { ...dump, vmid: at.vmid }),
    remoteMigrate: (migration: RemoteMigration): Promise<TaskEnd> =>
      task('POST', machine('remote_migrate'), {
        'target-vmid': migration.targetVmid,
        'target-endpoint': endpointText(migration.endpoint),
        'target-storage': migration.storages,
        'target-bridge': migration.bridges,
        online: migration.online,
        delete: migration.delete,
        bwlimit: migration.bwlimit,
      }),
    /** A disk's image, an archive, an ISO. PVE answers with a task when it takes long, else with nothing. */
    deleteVolume: async (volid: string): Promise<void> => {
      const storage = volid.slice(0, volid.indexOf(':'))
      const upid = await call('DELETE', node('storage', storage, 'content', volid))
      if (typeof upid === 'string' && upid.startsWith('UPID:')) await follow(at, io, upid)
    },

    /** Through the agent; at most 45 kB, which PVE sends as base64. Owner and mode stay those of the file. */
    writeGuestFile: async (file: string, content: string): Promise<void> => {
      const encoded = Buffer.from(content, 'utf8').toString('base64')
      await call('POST', machine('agent', 'file-write'), { file, content: encoded, encode: false })
    },
  }
}
export type ChangePve = ReturnType<typeof changePve>

/** PVE takes the whole value of the Authorization header as `apitoken`. It travels in the request's body alone. */
const endpointText = ({ host, port, token, secret, fingerprint }: RemoteMigration['endpoint']): string =>
  `host=${host},port=${port},apitoken=PVEAPIToken=${token}=${secret},fingerprint=${fingerprint}`
