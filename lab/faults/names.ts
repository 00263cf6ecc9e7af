import { randomBytes } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { zone } from '../edge/gateway.ts'
import { execIn, hostOf } from '../enter.ts'
import { socketOf, updateKeyAlgorithm, updateKeyName } from '../names/knot.ts'
import { internalKnot, knotConfigFile, primaryConfigOf, secondaryConfigOf } from '../names/raise.ts'
import { externalZone, internalPort, internalZone } from '../names/zones.ts'
import { treeOf } from '../paths.ts'
import { secret } from '../secrets.ts'
import { run } from '../shell.ts'
import type { Lab } from '../types.ts'

const primary = 'internet-dns'
const secondary = 'internet-secondary'

/** The secondary takes the zones from nobody any more: it goes on serving what it has, whatever the primary's serial. */
export async function secondaryRefusesZone(lab: Lab): Promise<void> {
  const { address } = hostOf(lab, secondary)
  // Nothing answers there.
  await configured(lab, secondary, secondaryConfigOf(lab.index, address, '127.0.0.1'))
}

/** The inverse; it takes the zones at once. */
export async function secondaryTakesZone(lab: Lab): Promise<void> {
  await configured(lab, secondary, secondaryConfigOf(lab.index, hostOf(lab, secondary).address))
  await knotc(lab, secondary, 'zone-refresh')
}

/** The secondary has lost its zones: it answers for none of them (REFUSED). */
export async function secondaryLostZone(lab: Lab): Promise<void> {
  const { address } = hostOf(lab, secondary)
  const [head = ''] = secondaryConfigOf(lab.index, address).split(/^zone:\n/m)
  await configured(lab, secondary, head)
}

/** The primary's administrator gave the update key another secret, and told nobody. */
export async function wrongTsigKey(lab: Lab): Promise<void> {
  const another = randomBytes(32).toString('base64')
  await configured(lab, primary, primaryConfigOf(lab, hostOf(lab, primary).address, another))
}

/** The inverse. */
export async function rightTsigKey(lab: Lab): Promise<void> {
  await configured(lab, primary, primaryConfigOf(lab, hostOf(lab, primary).address))
}

/** Where a record is changed: the view of those outside or of those inside. */
type View = 'external' | 'internal'

/** Somebody leads a name elsewhere, with the key and a right to it. */
export async function recordChangedByHand(
  lab: Lab,
  name = 'courses',
  address = `${lab.prefix}.4.66`,
  view: View = 'external',
): Promise<void> {
  await updated(lab, view, [
    `update delete ${name}.${zone}. A`,
    `update add ${name}.${zone}. 60 A ${address}`,
  ])
}

/** The inverse: as it was before the move, with the TTL that the others have. */
export async function recordPutBack(
  lab: Lab,
  name = 'courses',
  ttlSeconds = 300,
  view: View = 'external',
): Promise<void> {
  const before = view === 'internal' ? internalZone(lab.index) : externalZone(lab.index, false)
  const record = before.records.find(([own, type]) => own === name && type === 'A')
  if (!record) throw new TypeError(`${zone} has no address of ${name}`)
  await updated(lab, view, [
    `update delete ${name}.${zone}. A`,
    `update add ${name}.${zone}. ${ttlSeconds} A ${record[2]}`,
  ])
}

async function updated(lab: Lab, view: View, lines: string[]): Promise<void> {
  const input = [
    `server ${hostOf(lab, primary).address} ${view === 'internal' ? internalPort : 53}`,
    `zone ${zone}.`,
    `key ${updateKeyAlgorithm}:${updateKeyName} ${secret(lab.name, 'tsig')}`,
    ...lines,
    'send',
    '',
  ]
  await run(['nsupdate', '-v', '-t', '5'], { input: input.join('\n') })
}

async function configured(lab: Lab, host: string, configuration: string): Promise<void> {
  writeFileSync(join(treeOf(lab.name, host), knotConfigFile('knot')), configuration)
  await knotc(lab, host, 'reload')
}

/** The zones as Knot holds them, one line a record, of the outside or the inside. */
export async function zoneAsHeld(lab: Lab, view: View = 'external', name = zone): Promise<string> {
  const socket = socketOf(view === 'internal' ? internalKnot : 'knot')
  const { stdout } = await execIn(lab, primary, ['knotc', '--socket', socket, 'zone-read', name])
  return stdout
}

const knotc = (lab: Lab, host: string, ...command: string[]) =>
  execIn(lab, host, ['knotc', '--blocking', '--socket', socketOf('knot'), ...command])
