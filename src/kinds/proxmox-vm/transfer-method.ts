import type { ChangeIo, ReadIo } from '../../model/io.ts'
import type { Json } from '../../model/json.ts'
import type { Action, PlanContext, StepContext } from '../../model/kind.ts'
import type { Component } from '../../model/plan.ts'
import type { PlannedStep, RunMode } from '../../model/step.ts'
import type { MessageKey, Text } from '../../model/text.ts'
import type { MachineFacts } from './machine/facts.ts'
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

export type Planning = {
  component: Component
  spec: MachineSpec
  machine: MachineFacts
  forecast: MethodForecast
  mode: RunMode
  context: PlanContext
}

/** What the target holds, for what is restored from it: `id` changes with each full seed (or archive), bytes are those sent. */
export type StoredCopy = { id: string; at: string; imageBytes: number }

/** Which machine. */
export type Of = Pick<StepContext, 'component' | 'plan'>

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

/**
 * One way to move a machine. What all ways share (shutdown, start, test restore) is planned around it by `plan.ts`:
 * the steps of a way stand in the stages seed, prove, drain and handover.
 */
export type TransferMethod = {
  name: MethodName
  /** The guest goes on running across the move: no shutdown before it, no start after it. */
  keepsRunning: boolean
  /** From facts: may this way be used; else why not. Pure. */
  possible(machine: MachineFacts, spec: MachineSpec): Possibility
  forecast(machine: MachineFacts, linkMbps: number, spec: MachineSpec): MethodForecast
  plan(planning: Planning): PlannedStep[]
  /** By the step's name. In the kind they are `<way>.<step>`: `actionName`. */
  actions: Record<string, Action>
  /** What the target holds of this machine now; undefined when nothing whole. Asked at the target only. */
  storedCopy(context: Of, io: ReadIo): Promise<StoredCopy | undefined>
  /** Bytes that the source has and the target has not; undefined when nobody can tell. */
  unsentBytes?(context: Of, io: ReadIo): Promise<number | undefined>
  /** Ends what of this way would keep the source's machine from starting. */
  releaseSource?(context: Of, io: ChangeIo): Promise<void>
  /**
   * Makes a stopped machine with its own disks from what the target holds; neither the source nor what is held is touched.
   * May be called again after a crash: what an earlier call left under this VMID has been destroyed before.
   */
  makeCopy?(context: StepContext, copy: CopyOptions, io: ChangeIo): Promise<void>
}

/** The method that a step names; the kind hands it to the actions that all methods share. */
export type MethodNamed = (name: Json | undefined) => TransferMethod

/** Actions of all kinds of step stand in one table: those of a way are named after it. */
export const actionName = (way: MethodName, step: string): string => `${way}.${step}`
