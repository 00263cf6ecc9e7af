import type { ChangeIo, ReadIo } from '../../model/io.ts'
import type { Json } from '../../model/json.ts'
import type { MessageKey, Text } from '../../model/text.ts'
import type { AnyAction, TouchedInRehearsal } from '../kit/kind-parts.ts'
import { type AboutMachine, type MachineFacts, machineFacts } from './facts.ts'
import { linkMbpsOf } from './machine/disk-rates.ts'
import type { Of } from './sides.ts'
import type { MachineSpec, MethodName } from './spec.ts'

/** `ofMethod`: the key of the sentence that names the method and gives the same reason. */
export type Possibility =
  | { possible: true }
  | { possible: false; why: Text; ofMethod: MessageKey; remedy: Text }

/** What moving this machine this way costs. `cutSeconds`: without the guest, from shutdown to its services answering. */
export type MethodForecast = {
  cutSeconds: number
  /** What travels during the cut. */
  windowBytes: number
  /** Expected seconds by the step's name (without the component), the way's own steps only. */
  steps: Record<string, number>
}

/** What the target holds, for what is restored from it: `id` changes with each full seed (or archive), bytes are those sent. */
export type StoredCopy = { id: string; at: string; imageBytes: number }

export type CopyOptions = {
  /** Free, chosen by the caller. */
  vmid: number
  /** Its network cards go there, whatever the original's. */
  bridge: string
  vlan?: number | undefined
  name: string
  /** Goes into the copy's config, so that a person sees what it is and who may remove it. */
  description: string
}

/** One way to move a machine. */
export type TransferMethod = {
  name: MethodName
  /** The guest goes on running across the move: no shutdown before it, no start after it. */
  keepsRunning: boolean
  /** From facts: may this way be used; else why not. Pure. */
  possible(machine: MachineFacts, spec: MachineSpec): Possibility
  forecast(machine: MachineFacts, linkMbps: number, spec: MachineSpec): MethodForecast
  /** Its own, in the stages seed, prove, drain and handover; what all ways share (shutdown, start, test restore) stands around them. */
  steps: {
    preparation: readonly AnyAction[]
    rehearsal: readonly AnyAction<TouchedInRehearsal>[]
    live: readonly AnyAction[]
  }
  /** What the target holds of this machine now; undefined when nothing whole. Asked at the target only. */
  storedCopy(of: Of, io: ReadIo): Promise<StoredCopy | undefined>
  /** Bytes that the source has and the target has not; undefined when nobody can tell. */
  unsentBytes?(of: Of, io: ReadIo): Promise<number | undefined>
  /** Ends what of this way would keep the source's machine from starting. */
  releaseSource?(of: Of, io: ChangeIo): Promise<void>
  /**
   * Makes a stopped machine with its own disks from what the target holds; neither the source nor what is held is touched.
   * May be called again after a crash: what an earlier call left under this VMID has been destroyed before.
   */
  makeCopy(of: Of, copy: CopyOptions, io: ChangeIo): Promise<void>
}

/** The methods, as the kind hands them to the actions that all of them share. */
export type Methods = {
  /** That of the plan, or the best that the facts allow. */
  chosen(about: AboutMachine): TransferMethod
  /** The one that a step's parameters name. */
  named(name: Json | undefined): TransferMethod
}

/** What a method's steps are expected to take here, in seconds, by their names. */
export const expected =
  <Forecast extends MethodForecast>(
    forecast: (machine: MachineFacts, linkMbps: number, spec: MachineSpec) => Forecast,
  ) =>
  (about: AboutMachine): Forecast['steps'] =>
    forecast(machineFacts(about.facts), linkMbpsOf(about), about.spec).steps
