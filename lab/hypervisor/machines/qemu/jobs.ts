import type { Qmp } from './qmp.ts'

/** A block job as QEMU's `query-jobs` tells it. Progress in bytes. */
export type Job = {
  id: string
  status: string
  'current-progress': number
  'total-progress': number
  error?: string
}

export const jobsLike = async (qmp: Qmp, isWanted: (id: string) => boolean): Promise<Job[]> =>
  ((await qmp.execute('query-jobs')) as unknown as Job[]).filter(({ id }) => isWanted(id))
