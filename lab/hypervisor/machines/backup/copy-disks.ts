import { setTimeout as sleep } from 'node:timers/promises'
import type { Host } from '../host.ts'
import { type Job, jobsLike } from '../qemu/jobs.ts'
import { monitor } from '../qemu/process.ts'
import { Refusal } from '../refusal.ts'
import { addCopy, type Copy, copyJob, copyNode, removeCopy, startCopies } from './job-commands.ts'

/** Begins the copies of all disks; `frozen` runs around the instant at which they begin. */
export async function beginCopies(
  host: Host,
  vmid: number,
  copies: readonly Copy[],
  frozen: (begin: () => Promise<void>) => Promise<void>,
): Promise<void> {
  await endCopies(host, vmid, copies)
  await monitor(host, vmid, async qmp => {
    for (const copy of copies) {
      const { execute, arguments: args } = addCopy(copy)
      await qmp.execute(execute, args)
    }
  })
  await frozen(async () => {
    const { execute, arguments: args } = startCopies(copies)
    await monitor(host, vmid, qmp => qmp.execute(execute, args, 30))
  })
}

/** Looks once a second, with the monitor free in between. Throws what a job ended with. */
export async function finishCopies(
  host: Host,
  vmid: number,
  copies: readonly Copy[],
  signal: AbortSignal,
  onProgress: (doneBytes: number, totalBytes: number) => void,
): Promise<void> {
  for (;;) {
    if (signal.aborted) throw new Refusal('interrupted by signal')
    const jobs = await jobsOf(host, vmid, copies)
    const failed = jobs.find(({ error }) => error !== undefined)
    if (failed) throw new Refusal(`job failed with err - ${failed.error}`)
    if (jobs.length < copies.length) throw new Refusal('backup job vanished')
    onProgress(
      jobs.reduce((sum, job) => sum + job['current-progress'], 0),
      jobs.reduce((sum, job) => sum + job['total-progress'], 0),
    )
    if (jobs.every(({ status }) => status === 'concluded')) break
    await sleep(250)
  }
  await endCopies(host, vmid, copies)
}

function jobsOf(host: Host, vmid: number, copies: readonly Copy[]): Promise<Job[]> {
  const names = copies.map(({ key }) => copyJob(key))
  return monitor(host, vmid, qmp => jobsLike(qmp, id => names.includes(id)))
}

/** Also what an earlier process left behind when it was killed. */
export async function endCopies(host: Host, vmid: number, copies: readonly Copy[]): Promise<void> {
  const giveUpAt = performance.now() + 30_000
  for (;;) {
    const jobs = await jobsOf(host, vmid, copies)
    if (jobs.length === 0) break
    if (performance.now() > giveUpAt) throw new Refusal(`backup job '${jobs[0]?.id}' does not end`)
    await monitor(host, vmid, async qmp => {
      for (const { id, status } of jobs)
        await qmp.execute(status === 'concluded' ? 'job-dismiss' : 'job-cancel', { id }).catch(() => {})
    })
    await sleep(50)
  }
  await monitor(host, vmid, async qmp => {
    const nodes = (await qmp.execute('query-named-block-nodes', { flat: true })) as { 'node-name': string }[]
    for (const { key } of copies) {
      if (!nodes.some(node => node['node-name'] === copyNode(key))) continue
      const { execute, arguments: args } = removeCopy(key)
      await qmp.execute(execute, args)
    }
  })
}
