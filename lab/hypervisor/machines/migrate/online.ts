import { setTimeout as sleep } from 'node:timers/promises'
import { until } from '../../../until.ts'
import { formatBytes } from '../backup/words.ts'
import { migrationSocket, nbdSocket, qmpSocket } from '../host.ts'
import { stopMachine } from '../machine/stop.ts'
import { nodeOf } from '../qemu/commands.ts'
import { type Job, jobsLike } from '../qemu/jobs.ts'
import { type Qmp, withQmp } from '../qemu/qmp.ts'
import { Refusal } from '../refusal.ts'
import { AlreadyThere } from './control.ts'
import { type Departure, handOver, through } from './departure.ts'
import { forwardSocket } from './forward.ts'

const mirrorJob = (key: string) => `mirror-${key}`
const mirrorNode = (key: string) => `mirror-target-${key}`
/** The guest may stand still for so long while its last pages travel. */
const downtimeMilliseconds = 100
const commandsSeconds = 30

/**
 * The disks are mirrored first, with the guest running, and stay equal; then it stands still, its memory goes, the
 * mirrors end, and it runs on at the target.
 */
export async function sendRunning(departure: Departure): Promise<void> {
  const { host, vmid, control, disks, say, log } = departure
  say(`starting VM ${vmid} on remote node 'localhost'`)
  const { migrate, nbd } = await control.ask('start', {})
  say('start remote tunnel')
  const ram = await forwardSocket(`${migrationSocket(host, vmid)}.out`, through(departure, migrate), log)
  const disk = await forwardSocket(`${nbdSocket(host, vmid)}.out`, through(departure, nbd), log)
  let resumed = false
  try {
    await withQmp(qmpSocket(host, vmid), async qmp => {
      try {
        say('starting storage migration')
        for (const { key } of disks) await startMirror(qmp, key, disk.path, departure)
        await mirrorsReady(qmp, departure)
        const stoppedAt = await moveMemory(qmp, ram.path, departure)
        const { resumedAtMilliseconds } = await control.ask('resume', {})
        resumed = true
        const pause = Math.max(0, Math.round(resumedAtMilliseconds - stoppedAt))
        const figures = (await qmp.execute('query-migrate')) as {
          ram?: { transferred: number; mbps: number }
        }
        const speed = formatBytes(((figures.ram?.mbps ?? 0) * 1e6) / 8, 1)
        say(`average migration speed: ${speed}/s - downtime ${pause} ms`)
        say(
          `migration status: completed, transferred ${formatBytes(figures.ram?.transferred ?? 0, 1)} VM-state`,
        )
      } catch (error) {
        if (!resumed) await stayHere(qmp, departure)
        throw error
      }
    })
    await handOver(departure)
  } catch (error) {
    throw resumed && !(error instanceof AlreadyThere) ? new AlreadyThere(error) : error
  } finally {
    ram.close()
    disk.close()
  }
  await stopMachine(host, vmid, { skiplock: true }, log)
}

async function startMirror(qmp: Qmp, key: string, path: string, { request, say }: Departure): Promise<void> {
  say(`${nodeOf(key)}: start migration to nbd:unix:${path}:exportname=${nodeOf(key)}`)
  await qmp.execute(
    'blockdev-add',
    {
      driver: 'nbd',
      'node-name': mirrorNode(key),
      discard: 'unmap',
      'detect-zeroes': 'unmap',
      server: { type: 'unix', path },
      export: nodeOf(key),
    },
    commandsSeconds,
  )
  await qmp.execute('blockdev-mirror', {
    'job-id': mirrorJob(key),
    device: nodeOf(key),
    target: mirrorNode(key),
    sync: 'full',
    speed: (request.bwlimitKBps ?? 0) * 1024,
    'auto-dismiss': false,
  })
}

const mirrorsOf = (qmp: Qmp): Promise<Job[]> => jobsLike(qmp, id => id.startsWith('mirror-'))

async function mirrorsReady(qmp: Qmp, { disks, say, log }: Departure): Promise<void> {
  let saidAt = 0
  for (;;) {
    if (log.signal.aborted) throw new Refusal('interrupted by signal')
    const jobs = await mirrorsOf(qmp)
    const failed = jobs.find(job => job.error !== undefined || job.status === 'concluded')
    if (failed || jobs.length < disks.length)
      throw new Refusal(`block job (mirror) error: ${failed?.error ?? 'job vanished'}`)
    const ready = jobs.every(({ status }) => status === 'ready')
    if (ready || performance.now() > saidAt + 3000) {
      saidAt = performance.now()
      for (const job of jobs) {
        const [done, total] = [job['current-progress'], job['total-progress']]
        const percent = ((100 * done) / Math.max(1, total)).toFixed(2)
        const amounts = `${formatBytes(done, 1)} of ${formatBytes(total, 1)}`
        say(`${job.id}: transferred ${amounts} (${percent}%)${ready ? ', ready' : ''}`)
      }
    }
    if (ready) break
    await sleep(100)
  }
  say("all 'mirror' jobs are ready")
}

/** Returns the moment, in milliseconds, at which the guest stood still. */
async function moveMemory(qmp: Qmp, path: string, { request, say, log }: Departure): Promise<number> {
  say(`starting online/live migration on unix:${path}`)
  const capabilities = ['events', 'pause-before-switchover']
  await qmp.execute('migrate-set-capabilities', {
    capabilities: capabilities.map(capability => ({ capability, state: true })),
  })
  say(`migration downtime limit: ${downtimeMilliseconds} ms`)
  await qmp.execute('migrate-set-parameters', {
    'downtime-limit': downtimeMilliseconds,
    'max-bandwidth': request.bwlimitKBps ? request.bwlimitKBps * 1024 : 2 ** 40,
  })
  // QEMU 7.2 loses writes of an emulated CPU while it sends memory: the guest stands still meanwhile.
  await qmp.execute('stop')
  await qmp.execute('migrate', { uri: `unix:${path}` })
  await migrationIs(qmp, 'pre-switchover', log.signal)
  await completeMirrors(qmp)
  await qmp.execute('migrate-continue', { state: 'pre-switchover' })
  await migrationIs(qmp, 'completed', log.signal)
  const { timestamp } = await qmp.event(({ event }) => event === 'STOP', 1)
  return timestamp.seconds * 1000 + timestamp.microseconds / 1000
}

async function migrationIs(qmp: Qmp, wanted: string, signal: AbortSignal): Promise<void> {
  for (;;) {
    if (signal.aborted) throw new Refusal('interrupted by signal')
    const { status, 'error-desc': why } = (await qmp.execute('query-migrate')) as {
      status: string
      'error-desc'?: string
    }
    if (status === wanted) return
    if (status === 'failed' || status === 'cancelled')
      throw new Refusal(`migration status error: ${status}${why ? ` - ${why}` : ''}`)
    await sleep(5)
  }
}

/** A mirror that is ready and told to end, ends when both sides are equal; the guest stands still. */
async function completeMirrors(qmp: Qmp): Promise<void> {
  for (const { id } of await mirrorsOf(qmp)) await qmp.execute('block-job-cancel', { device: id })
  for (;;) {
    const jobs = await mirrorsOf(qmp)
    const failed = jobs.find(({ error }) => error !== undefined)
    if (failed) throw new Refusal(`Failed to complete storage migration: ${failed.error}`)
    if (jobs.every(({ status }) => status === 'concluded')) break
    await sleep(2)
  }
  await removeMirrors(qmp)
}

async function removeMirrors(qmp: Qmp): Promise<void> {
  for (const { id } of await mirrorsOf(qmp)) await qmp.execute('job-dismiss', { id }).catch(() => {})
  const nodes = (await qmp.execute('query-named-block-nodes', { flat: true })) as { 'node-name': string }[]
  for (const { 'node-name': node } of nodes)
    if (node.startsWith('mirror-target-')) await qmp.execute('blockdev-del', { 'node-name': node })
}

/** The guest has not run anywhere else: it runs on here, without the mirrors. */
async function stayHere(qmp: Qmp, { control, say }: Departure): Promise<void> {
  say('aborting phase 2 - cleanup resources')
  try {
    await qmp.execute('migrate_cancel', undefined, commandsSeconds)
    for (const { id, status } of await mirrorsOf(qmp))
      if (status !== 'concluded') await qmp.execute('block-job-cancel', { device: id, force: true })
    const haveEnded = async () => (await mirrorsOf(qmp)).every(({ status }) => status === 'concluded')
    await until(haveEnded, { seconds: commandsSeconds, everySeconds: 0.05 })
    await removeMirrors(qmp)
    const { status } = (await qmp.execute('query-status')) as { status: string }
    if (status === 'running') return
    // With all its memory at the target, only the target's word makes it safe to go on here.
    if (status === 'postmigrate') await control.ask('abort', {})
    await qmp.execute('cont')
  } catch (error) {
    say(`ERROR: ${error instanceof Error ? error.message : error}`)
  }
}
