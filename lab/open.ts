import { Failure } from '../src/model/failure.ts'
import { processesIn } from './hosts/processes.ts'
import { overlayOf, secretsOf, sshConfigOf } from './paths.ts'
import { directoryOf, type LabState, readState } from './state.ts'
import { hostsOf, prefixOf } from './topology.ts'
import type { Lab } from './types.ts'

/** The lab as it runs now; hosts that are not running are omitted. */
export function describeLab(state: LabState): Lab {
  const hosts = hostsOf(state.index, state.parts)
  const inits = new Map(
    processesIn(hosts.map(host => host.namespace))
      .filter(({ isInit }) => isInit)
      .map(({ namespace, pid }) => [namespace, pid]),
  )
  return {
    name: state.name,
    index: state.index,
    prefix: prefixOf(state.index),
    directory: directoryOf(state.name),
    sshConfigFile: sshConfigOf(state.name),
    secretsDirectory: secretsOf(state.name),
    overlayFile: overlayOf(state.name),
    hosts: Object.fromEntries(
      hosts.flatMap(({ name, address, namespace }) => {
        const pid = inits.get(namespace)
        return pid === undefined ? [] : [[name, { ssh: name, address, pid, namespace }]]
      }),
    ),
  }
}

/** A lab that was raised before, by name. Throws a Failure when there is none. */
export function openLab(name: string): Lab {
  const state = readState(name)
  if (state?.ready) return describeLab(state)
  throw new Failure(
    { key: 'lab.not-up', values: { name } },
    { remedy: { key: 'lab.not-up.remedy', values: { name } } },
  )
}
