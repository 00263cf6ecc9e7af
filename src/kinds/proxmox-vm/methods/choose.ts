import type { Text } from '../../../model/text.ts'
import { type MachineFacts, machineFacts } from '../facts.ts'
import { linkMbpsOf } from '../machine/disk-rates.ts'
import type { MachineSpec, MethodName } from '../spec.ts'
import type { MethodForecast, Methods, Possibility, TransferMethod } from '../transfer-method.ts'
import { backupRestore } from './backup-restore/index.ts'
import { remoteMigrate, remoteMigrateOnline } from './remote-migrate/index.ts'
import { seedAndDelta } from './seed-and-delta/index.ts'
import { zfsSend } from './zfs-send/index.ts'

/** The first is taken for planning where the facts allow none: the findings then say why nothing may begin. */
export const transferMethods: readonly TransferMethod[] = [
  seedAndDelta,
  zfsSend,
  backupRestore,
  remoteMigrate,
  remoteMigrateOnline,
]

export const methods: Methods = {
  chosen(about) {
    const { facts, spec } = about
    const choice = chooseMethod(transferMethods, machineFacts(facts), spec, linkMbpsOf(about))
    return choice?.way ?? methods.named(spec.way)
  },
  named: name => transferMethods.find(method => method.name === name) ?? seedAndDelta,
}

export type Choice = { way: TransferMethod; possibility: Possibility; forecast: MethodForecast }

/** Every way with its figures, the possible ones first, the shortest cut first. */
export function compareMethods(
  ways: readonly TransferMethod[],
  machine: MachineFacts,
  spec: MachineSpec,
  linkMbps: number,
): Choice[] {
  const choices = ways.map(way => ({
    way,
    possibility: way.possible(machine, spec),
    forecast: way.forecast(machine, linkMbps, spec),
  }))
  const rank = ({ possibility }: Choice): number => (possibility.possible ? 0 : 1)
  return choices.sort(
    (left, right) => rank(left) - rank(right) || left.forecast.cutSeconds - right.forecast.cutSeconds,
  )
}

/**
 * The plan's way, or the possible one with the shortest cut. Undefined when none is. A way that the plan fixes is given even
 * where it is not possible: that is for the findings to say, before anything is begun.
 */
export function chooseMethod(
  ways: readonly TransferMethod[],
  machine: MachineFacts,
  spec: MachineSpec,
  linkMbps: number,
): Choice | undefined {
  const choices = compareMethods(ways, machine, spec, linkMbps)
  const fixed: MethodName | undefined = spec.way
  if (fixed !== undefined) return choices.find(({ way }) => way.name === fixed)
  // A way that is still called experimental by those who make it is for the plan to ask for.
  return choices.find(({ way, possibility }) => possibility.possible && !way.keepsRunning)
}

const ofWay: Partial<Record<MethodName, Text>> = {
  'seed-and-delta-zfs': { key: 'proxmox-vm.unproven.zfs' },
}

/** What has never run against the real thing: the whole kind, and a way where one is named. */
export function unprovenOf(way: MethodName | undefined): Text[] {
  const own = way && ofWay[way]
  return [{ key: 'proxmox-vm.unproven' }, ...(own ? [own] : [])]
}
