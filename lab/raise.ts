import { mkdirSync, writeFileSync } from 'node:fs'
import type { MessageKey, Text } from '../src/model/text.ts'
import { databaseFingerprints, raiseDatabases } from './database/raise.ts'
import { fingerprintsOf } from './hosts/hypervisor.ts'
import { prepareHosts } from './hosts/prepare.ts'
import { ownIdentity } from './hosts/processes.ts'
import { untilServersAnswer } from './hosts/ready.ts'
import { startHost } from './hosts/start.ts'
import { buildGuests, startGuests } from './hypervisor/raise.ts'
import { lowerLab } from './lower.ts'
import { requireWhatALabNeeds } from './needs.ts'
import { raiseNetwork } from './network/raise.ts'
import { describeLab } from './open.ts'
import { renderOverlay } from './overlay.ts'
import { ownerOfLabs, sweepLabs } from './owner.ts'
import { overlayOf, secretsOf } from './paths.ts'
import { writeSecrets } from './secrets.ts'
import { seedMontpellier, startEstate } from './seed.ts'
import { settleAllThenThrow } from './settle-all.ts'
import { markedAs } from './shell.ts'
import { claimIndex, directoryOf, type LabState, writeState } from './state.ts'
import { allParts, type GuestPlan, guestsOf, hostsOf } from './topology.ts'
import type { Lab, LabOptions } from './types.ts'
import { untilTunnelsStand } from './vpn/ready.ts'

/**
 * Raises the two sites, after it has taken down what killed programs left. Needs root. When it fails half way it takes down what it made; when it is killed half way,
 * `lowerLab` does.
 */
export async function raiseLab(options: LabOptions): Promise<Lab> {
  requireWhatALabNeeds(options.parts ?? allParts)
  await sweepLabs()
  const index = claimIndex(options.name)
  try {
    return await markedAs(options.name, () => raiseClaimed(options, index))
  } catch (error) {
    await lowerLab(options.name)
    throw error
  }
}

async function raiseClaimed(options: LabOptions, index: number): Promise<Lab> {
  const { name, size, linkMbps, smallDisks = {}, seed = true } = options
  const isWanted = ({ role }: GuestPlan) => options.guests?.includes(role) ?? true
  const say = (key: MessageKey, values?: Text['values']) =>
    options.onProgress?.({ key, ...(values ? { values } : {}) })
  const owner = ownerOfLabs()
  const state: LabState = {
    name,
    index,
    parts: [...(options.parts ?? allParts)],
    size,
    linkMbps,
    initialTtlSeconds: options.initialTtlSeconds ?? 300,
    raisedBy: ownIdentity(),
    ...(owner && { owner }),
    ready: false,
  }
  const hosts = hostsOf(index, state.parts)
  const guests = guestsOf(state.parts).filter(isWanted)
  for (const directory of [directoryOf(name), secretsOf(name)]) mkdirSync(directory, { mode: 0o700 })
  writeState(state)
  writeSecrets(name)

  say('lab.progress.network', { mbps: linkMbps })
  await settleAllThenThrow([raiseNetwork(index, hosts, linkMbps), prepareHosts(state, hosts)])
  say('lab.progress.hosts', { count: hosts.length })
  await settleAllThenThrow(hosts.map(host => startHost(name, host, smallDisks[host.name] ?? {})))
  const lab = describeLab(state)
  if (lab.hosts['montpellier-database']) {
    say('lab.progress.database')
    await raiseDatabases(lab)
  }
  const fingerprints = {
    hypervisor: fingerprintsOf(state),
    database: lab.hosts['montpellier-database'] && databaseFingerprints(name),
  }
  writeFileSync(overlayOf(name), renderOverlay(state, fingerprints), { mode: 0o600 })
  if (seed) {
    say('lab.progress.seed')
    await settleAllThenThrow([seedMontpellier(lab, size), buildGuests(lab, guests)])
    say('lab.progress.services')
    await startEstate(lab)
    if (guestsOf(state.parts).length > 0) say('lab.progress.guests')
    await startGuests(lab, guests)
  }
  await untilServersAnswer(hosts)
  await untilTunnelsStand(lab)
  writeState({ ...state, ready: true })
  say('lab.progress.ready', { name })
  return lab
}
