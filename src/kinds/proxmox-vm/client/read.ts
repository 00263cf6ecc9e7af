import type { ReadIo } from '../../../model/io.ts'
import type * as Answers from './answers.ts'
import { ask, type PveAt } from './ask.ts'
import { type Params, path } from './params.ts'

/** Every call that only reads, for one machine at one site. Each throws Failure (see `ask`). */
export function readPve(at: PveAt, io: ReadIo) {
  const get = async <T>(where: string, params: Params = {}): Promise<T> =>
    (await ask(at, io, 'GET', where, params)) as T
  const node = (...parts: (string | number)[]): string => path('nodes', at.node, ...parts)
  const machine = (...parts: string[]): string => node('qemu', at.vmid, ...parts)

  return {
    version: () => get<Answers.Version>(path('version')),
    /** What the token itself may do: at one path, or wherever it was given something. */
    permissions: (at?: string) => get<Answers.Permissions>(path('access', 'permissions'), { path: at }),
    resources: (type: 'vm' | 'storage' | 'node') =>
      get<Answers.Resource[]>(path('cluster', 'resources'), { type }),
    /** A free number; with `vmid`: that one, or a refusal because it is taken. */
    nextId: async (vmid?: number): Promise<number> =>
      Number(await get<string | number>(path('cluster', 'nextid'), { vmid })),
    nodes: () => get<Answers.NodeState[]>(path('nodes')),
    bridges: () => get<Answers.Bridge[]>(node('network'), { type: 'any_bridge' }),
    storages: () => get<Answers.Storage[]>(node('storage'), { format: true }),
    content: (storage: string, only: { content?: string; vmid?: number } = {}) =>
      get<Answers.Volume[]>(node('storage', storage, 'content'), only),
    cpuModels: () => get<Answers.CpuModel[]>(node('capabilities', 'qemu', 'cpu')),

    /** As the machine runs, or with `pending: true` as it will be started. */
    config: async ({ pending = false } = {}): Promise<Answers.Config> => {
      const config = await get<Record<string, unknown>>(machine('config'), { current: !pending })
      return Object.fromEntries(Object.entries(config).map(([key, value]) => [key, String(value)]))
    },
    status: () => get<Answers.MachineStatus>(machine('status', 'current')),
    /** Without `current`, which is no snapshot. */
    snapshots: async (): Promise<Answers.Snapshot[]> =>
      (await get<Answers.Snapshot[]>(machine('snapshot'))).filter(({ name }) => name !== 'current'),
    replication: () => get<Answers.ReplicationJob[]>(path('cluster', 'replication')),

    /** Of this machine, running now. */
    activeTasks: () => get<Answers.Task[]>(node('tasks'), { source: 'active', vmid: at.vmid }),
    taskStatus: (upid: string) => get<Answers.TaskStatus>(node('tasks', upid, 'status')),
    taskLog: (upid: string, start: number, limit: number) =>
      get<Answers.TaskLine[]>(node('tasks', upid, 'log'), { start, limit }),
  }
}
export type ReadPve = ReturnType<typeof readPve>
