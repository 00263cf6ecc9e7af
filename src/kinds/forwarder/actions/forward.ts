import { z } from 'zod'
import { isIpv6 } from '../../../model/address.ts'
import { Failure } from '../../../model/failure.ts'
import type { ChangeIo, ReadIo } from '../../../model/io.ts'
import { typed } from '../../kit/by-hand.ts'
import { shortDeadlineSeconds, shortStep } from '../../kit/timings.ts'
import { answeredHere, begunHere, load, passedOn, tryLoad } from '../commands.ts'
import { type AboutForwarder, forwarder } from '../facts.ts'
import { type Forwarder, forwarderOf } from '../gateway.ts'
import { kernelOf, loadedStamp, placedIn } from '../kernel.ts'
import { isPersisted, persistRules, removePersisted } from '../persist.ts'
import { deadAddresses, unreachable } from '../reach.ts'
import { acceptMark, loadScript, removeScript, renderTable, stampIn, tableOf } from '../ruleset.ts'

/** The old addresses are forwarded. Once that holds, every connection is forwarded, also one that began before. */
export const forward = forwarder.action({
  name: 'forward',
  touches: ['source'],
  result: z.object({ forgotten: z.number(), asked: z.boolean() }).optional(),
  plan: about => ({
    title: { key: 'forwarder.forward.title', values: shown(about) },
    stage: 'switch',
    expectedSeconds: 2,
    ...shortStep,
    trigger: 'failure',
    undo: {
      possible: true,
      expectedSeconds: 2,
      deadlineSeconds: shortDeadlineSeconds,
      byHand: { key: 'forwarder.forward.byHand', values: shown(about) },
    },
  }),

  async isDone(acting, io) {
    const at = forwarderOf(acting)
    return (await isLoaded(at, io)) && (await isPersisted(at, io)) && (await staleConnections(at, io)) === 0
  },

  async apply(acting, io) {
    const at = forwarderOf(acting)
    const closed = await unreachable(at, io)
    if (closed.length > 0) throw newAddressClosed(at, acting.step.id, closed)
    await loadRules(at, io.at('source'))
    await persistRules(at, io.at('source'))
    const forgotten = await deleteStaleConnections(at, io.at('source'))
    const dead = await deadAddresses(at, acting.plan, io)
    if (dead !== undefined && dead.length > 0) throw oldAddressDead(at, dead)
    return { forgotten, asked: dead !== undefined }
  },

  async undo(acting, io) {
    const at = forwarderOf(acting)
    const { component, host } = at
    const stamp = await loadedStamp(component, host, io)
    if (stamp === 'foreign') throw tableTaken(at)
    await removePersisted(at, io.at('source'))
    const script = removeScript(component, stamp !== undefined, placedIn(await kernelOf(host, io), component))
    if (script !== '') await io.at('source').change(host.ssh, load(), { input: script })
    await deleteForwardedConnections(at, io.at('source'))
  },
})

function shown(about: AboutForwarder) {
  const { component, host, spec } = forwarderOf(about)
  const table = tableOf(component)
  const { persist } = spec
  return {
    host: host.ssh,
    services: [...new Set(spec.forward.map(({ service }) => service))].join(', '),
    mark: acceptMark(component),
    chains: spec.acceptIn.map(({ table: of, chain }) => `${of} ${chain}`).join(', ') || '-',
    remove: typed(
      ['nft', 'delete', 'table', 'inet', table],
      ...(persist ? [['rm', '-f', '--', persist.file]] : []),
    ),
    forget: spec.forward.map(rule => typed(passedOn(rule, 'delete'))).join('; '),
  }
}

/** Our table as it would be rendered now, and each accept rule once. */
async function isLoaded({ component, spec, host }: Forwarder, io: ReadIo): Promise<boolean> {
  if ((await loadedStamp(component, host, io)) !== stampIn(renderTable(component, spec))) return false
  const placed = placedIn(await kernelOf(host, io), component)
  const wanted = spec.acceptIn.flatMap(({ table, chain }) =>
    spec.forward
      .filter(rule => table.startsWith('inet ') || table.startsWith('ip6 ') === isIpv6(rule.from))
      .map(rule => `${table} ${chain} ${acceptMark(component)} ${rule.service}`),
  )
  const there = placed.map(({ table, chain, comment }) => `${table} ${chain} ${comment}`)
  return wanted.sort().join('\n') === there.sort().join('\n')
}

/** Connections of clients that the gateway itself still answers. */
async function staleConnections({ spec, host }: Forwarder, io: ReadIo): Promise<number> {
  let found = 0
  for (const rule of spec.forward) {
    const { stdout } = await io.read(host.ssh, answeredHere(rule, 'list'), { allowFailure: true })
    found += counted(stdout)
  }
  return found
}

/** conntrack lists one connection a line; without any it prints nothing, and deleting none is no failure of ours. */
const counted = (stdout: string): number => stdout.split('\n').filter(line => line.trim() !== '').length

/** What is loaded already is left alone: loading it anew would forget who came. */
async function loadRules(at: Forwarder, io: ChangeIo): Promise<void> {
  if (await isLoaded(at, io)) return
  const { component, spec, host } = at
  if ((await loadedStamp(component, host, io)) === 'foreign') throw tableTaken(at)
  const placed = placedIn(await kernelOf(host, io), component)
  await io.change(host.ssh, load(), { input: loadScript(component, spec, placed) })
}

/** Connections that began before: what comes next on them is forwarded. How many there were. */
async function deleteStaleConnections({ spec, host }: Forwarder, io: ChangeIo): Promise<number> {
  let deleted = 0
  for (const rule of spec.forward)
    for (const argv of [answeredHere(rule, 'delete'), begunHere(rule, 'delete')])
      deleted += counted((await io.change(host.ssh, argv, { allowFailure: true })).stdout)
  return deleted
}

/** The same in the undo: what was forwarded goes to the gateway itself again. */
async function deleteForwardedConnections({ spec, host }: Forwarder, io: ChangeIo): Promise<void> {
  for (const rule of spec.forward) await io.change(host.ssh, passedOn(rule, 'delete'), { allowFailure: true })
}

/** Rehearsal: the kernel checks the rules of the live run, and the new addresses answer. Nothing is changed. */
export const dryRun = forwarder.action({
  name: 'dry-run',
  touches: [],
  result: z.object({ rules: z.number() }),
  plan: about => ({
    title: { key: 'forwarder.dry-run.title', values: { host: forwarderOf(about).host.ssh } },
    stage: 'switch',
    expectedSeconds: 2,
    ...shortStep,
    trigger: 'failure',
    undo: { possible: false, why: { key: 'forwarder.dry-run.noUndo' } },
  }),
  isDone: async () => false,
  async apply(acting, io) {
    const at = forwarderOf(acting)
    const { component, spec, host } = at
    const placed = placedIn(await kernelOf(host, io), component)
    await io.read(host.ssh, tryLoad(), { input: loadScript(component, spec, placed) })
    const closed = await unreachable(at, io)
    if (closed.length > 0) throw newAddressClosed(at, acting.step.id, closed)
    return { rules: spec.forward.length }
  },
})

function newAddressClosed({ host }: Forwarder, step: string, closed: string[]): Failure {
  const values = { host: host.ssh, services: closed.join(', '), step }
  return new Failure(
    { key: 'forwarder.to.closed', values },
    { remedy: { key: 'forwarder.to.closed.remedy', values } },
  )
}

function oldAddressDead({ host, component }: Forwarder, dead: string[]): Failure {
  const values = { host: host.ssh, services: dead.join(', '), table: tableOf(component) }
  return new Failure({ key: 'forwarder.dead', values }, { remedy: { key: 'forwarder.dead.remedy', values } })
}

function tableTaken({ host, component }: Forwarder): Failure {
  const values = { host: host.ssh, table: tableOf(component) }
  return new Failure(
    { key: 'forwarder.table.taken', values },
    { remedy: { key: 'forwarder.table.taken.remedy', values } },
  )
}
