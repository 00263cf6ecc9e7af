import { dirname } from 'node:path/posix'
import type { ReadIo } from '../../../model/io.ts'
import type { MachineAudit, SeenBitmap } from '../facts.ts'
import { askQmp, qmpAnswers } from '../machine/qmp.ts'
import { parseNodes, queryNodes } from '../methods/seed-and-delta/bitmaps.ts'
import { machineSocket, ours } from '../methods/seed-and-delta/names.ts'
import type { MachineSide } from '../sides.ts'
import { shellArgv } from '../transfer/commands.ts'
import { attempt, ifKnown } from './attempt.ts'

const tools = ['rsync', 'qemu-img', 'qemu-storage-daemon', 'socat']

/** Both hypervisors by ssh: tools, room for what travels, whether each reaches the other, the running QEMU's own socket. */
export async function auditHosts(
  source: MachineSide,
  target: MachineSide,
  io: ReadIo,
): Promise<MachineAudit> {
  const [atSource, atTarget] = await Promise.all([
    attempt(io, auditHost(source, target, io)),
    attempt(io, auditHost(target, source, io)),
  ])
  const found: MachineAudit = {}
  if ('failure' in atSource) found.sourceSshFailure = atSource.failure
  else {
    if (atSource.value.freeBytes !== undefined) found.sourceStagingFreeBytes = atSource.value.freeBytes
    Object.assign(found, await auditQmp(source, io))
  }
  if ('failure' in atTarget) found.targetSshFailure = atTarget.failure
  else if (atTarget.value.freeBytes !== undefined) found.targetStagingFreeBytes = atTarget.value.freeBytes
  if ('value' in atSource && 'value' in atTarget) {
    found.zfs = atSource.value.zfs && atTarget.value.zfs
    found.missingTools = [...atSource.value.missing, ...atTarget.value.missing]
    found.sshBetween = atSource.value.reachesOther && atTarget.value.reachesOther
  }
  return found
}

async function auditHost(at: MachineSide, other: MachineSide, io: ReadIo) {
  const here = await io.read(at.host.ssh, which(tools), { allowFailure: true })
  const there = new Set(here.stdout.split('\n').map(line => line.split('/').at(-1)))
  const [login, df, zfs] = await Promise.all([
    io.read(at.host.ssh, loginTo(other.host.address), { allowFailure: true, timeoutSeconds: 30 }),
    io.read(at.host.ssh, dfOf(at.staging), { allowFailure: true }),
    io.read(at.host.ssh, datasets, { allowFailure: true }),
  ])
  return {
    missing: tools.filter(tool => !there.has(tool)).map(tool => `${at.host.ssh}: ${tool}`),
    reachesOther: login.exitCode === 0,
    zfs: zfs.exitCode === 0,
    freeBytes: freeBytesOf(df.stdout),
  }
}

/** The staging folder may not be there yet: the first line is that of the deepest folder that is. */
function freeBytesOf(df: string): number | undefined {
  const figure = df.split('\n').find(line => /^\s*\d+\s*$/.test(line))
  return figure === undefined ? undefined : Number(figure)
}

async function auditQmp(at: MachineSide, io: ReadIo): Promise<MachineAudit> {
  const socket = { ssh: at.host.ssh, path: machineSocket(at) }
  const qmp = (await ifKnown(io, qmpAnswers(io, socket))) ?? false
  const answers = qmp ? await ifKnown(io, askQmp(io.read, socket, [queryNodes])) : undefined
  const nodes = answers?.[0] === undefined ? undefined : parseNodes(answers[0])
  return { qmp, ...(nodes ? { bitmaps: nodes.flatMap(bitmapsOf) } : {}) }
}

const bitmapsOf = ({ name: node, bitmaps }: ReturnType<typeof parseNodes>[number]): SeenBitmap[] =>
  bitmaps.filter(({ name }) => name.startsWith(ours)).map(bitmap => ({ node, ...bitmap }))

/** Prints where each is that is installed; ends with 1 when one is not. */
const which = (programs: readonly string[]): string[] => ['which', '--', ...programs]

/** Whether one hypervisor may log in at the other without being asked anything, as the copies do. */
const loginTo = (address: string): string[] => [...shellArgv, '--', address, 'true']

/** Free bytes of the deepest of a folder and those above it that is there: its line comes first. */
const dfOf = (folder: string): string[] => {
  const above: string[] = []
  for (let path = folder; ; path = dirname(path)) {
    above.push(path)
    if (dirname(path) === path) break
  }
  return ['df', '--output=avail', '-B1', '--', ...above]
}

/** The names of the pools. Fails where there is no ZFS, or where it is not for this user. */
const datasets: readonly string[] = ['zfs', 'list', '-H', '-o', 'name', '-d', '0']
