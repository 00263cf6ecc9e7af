import type { z } from 'zod'
import type { Discovery } from '../../model/discovery.ts'
import type { FindingLevel } from '../../model/fact.ts'
import type { FigureForms } from '../../model/figure.ts'
import type { Loss } from '../../model/given-up.ts'
import type { HostClock } from '../../model/host-clock.ts'
import type { ChangeIo, ReadIo } from '../../model/io.ts'
import type { JsonObject } from '../../model/json.ts'
import type {
  EvidenceForm,
  Kind,
  LineStatus,
  Measure,
  Measurement,
  Program,
  Remark,
  Watch,
} from '../../model/kind.ts'
import type { Component, Plan, SiteSide } from '../../model/plan.ts'
import type { ReturnPathSeen } from '../../model/return-path.ts'
import type { RoleLookup, RoleName, Roles } from '../../model/roles.ts'
import type { PlannedStep, RunMode, Step, TouchedSide } from '../../model/step.ts'
import type { Catalogues, Text } from '../../model/text.ts'
import type { SideIo } from './side-io.ts'

/** The facts that a kind's audit may find, by name: their unit (empty for names and lists) and the form of their value. */
export type FactTable = Record<string, { unit: string; value: z.ZodType }>
/** A fact that was not measured, or is not of its form (an older program wrote it), is undefined. */
export type FactsOf<Table extends FactTable> = { [Name in keyof Table]?: z.infer<Table[Name]['value']> }

/** What everything in a kind is told: its component, with spec and facts parsed, and the roles of others. */
export type About<Spec, Known> = {
  component: Component
  spec: Spec
  facts: Known
  plan: Plan
  mode: RunMode
  roles: RoleLookup
  /** The site that the run does without; its hosts refuse at once. */
  without?: SiteSide
}
/** The result of a finished step of this component; undefined: not done, done by hand, or of another form. */
export type ResultOf = <Result>(action: Handle<string, TouchedSide, Result>) => Result | undefined
/** `leftOut`: parts of the component that the run does without, as its `mayLeaveOut` names them. */
export type Measuring<Spec, Known> = About<Spec, Known> & {
  resultOf: ResultOf
  /** It may have changed something, also where it has no result: it failed, or people did it by hand or skipped it. */
  wasBegun(action: Handle): boolean
  leftOut: readonly string[]
  /** By host, as last compared with this machine's: for an instant that a host tells beside one of Bascule's. */
  clocks: Readonly<Record<string, HostClock>>
}
export type Acting<Spec, Known> = Measuring<Spec, Known> & {
  step: Step
  fencingNumber: number
  /** False only where the journal knows that no action of this component that `handsOver` was begun in this run. */
  handedOver: boolean
}

/** What others may know of an action: its name, the sides it changes, the form of what it leaves in the journal. */
export type Handle<
  Name extends string = string,
  Touched extends TouchedSide = TouchedSide,
  Result = unknown,
> = {
  /** Kebab case; also the step's name, its file's, and the middle of its message keys. */
  name: Name
  /** The step's name where it is not the action's: a plan has one of several actions for that step, as the case may be. */
  step?: string
  touches: readonly Touched[]
  result?: z.ZodType<Result>
}
/** True only where apply has nothing to say: a step that is found done keeps its result. */
type Done<Result> = Result | false | (undefined extends Result ? true : never)

/** The step as its action plans it. `after`: actions of this component; those that are not planned are omitted. */
export type Planned = Omit<
  PlannedStep,
  | 'name'
  | 'action'
  | 'after'
  | 'touches'
  | 'undoTouches'
  | 'handsOver'
  | 'stopsSource'
  | 'makesReturnPath'
  | 'noReturnPath'
  | 'params'
> & {
  after?: readonly Handle[]
  params?: JsonObject
}
export type TypedAction<Spec, Known, Name extends string, Touched extends TouchedSide, Result> = Handle<
  Name,
  Touched,
  Result
> & {
  /** Where the undo changes something, when that is less than apply: what is dead is not asked. */
  undoTouches?: readonly Touched[]
  /** From its apply on the target may hold what is nowhere else. */
  handsOver?: true
  /** It closes the source for good: once it is done, the target has everything. */
  stopsSource?: true
  /** It makes or proves the component's return path, and nothing else. */
  makesReturnPath?: true
  /** The component has no return path: what users write after it comes back by nothing. */
  noReturnPath?: true
  plan(about: About<Spec, Known>): Planned
  /** The result when the world already is as apply would leave it, else false. */
  isDone(acting: Acting<Spec, Known>, io: ReadIo): Promise<Done<NoInfer<Result>>>
  apply(acting: Acting<Spec, Known>, io: SideIo<NoInfer<Touched>>): Promise<NoInfer<Result>>
  /** May give what it left as it found it, because it is somebody else's. */
  undo?(acting: Acting<Spec, Known>, io: SideIo<NoInfer<Touched>>): Promise<void> | Promise<Text[]>
  /**
   * In the undo's place while the run does without that site, of which nothing may be asked. Absent, the undo itself is called:
   * right where it asks the other site alone. What it could not save, or left, it gives in sentences.
   */
  undoWithout?: {
    [Side in SiteSide]?: (
      acting: Acting<Spec, Known>,
      io: SideIo<Exclude<NoInfer<Touched>, Side>>,
    ) => Promise<void> | Promise<Text[]>
  }
}
/**
 * A rehearsal changes nothing but the target, and the hosts from which it is tested; at the source it may bring the target's copy
 * up to date once more, which it then starts from (docs/adr/0006-rehearsal-on-the-real-target.md).
 */
export type TouchedInRehearsal = 'target' | 'outside' | 'replication'

/** Any action of a kind, as the lists of `plan` and `actions` hold it: each is called with what its own kind knows. */
export type AnyAction<Touched extends TouchedSide = TouchedSide> = Handle<string, Touched> & {
  undoTouches?: readonly Touched[]
  handsOver?: true
  stopsSource?: true
  makesReturnPath?: true
  noReturnPath?: true
  plan(about: never): Planned
  isDone(acting: never, io: ReadIo): Promise<unknown>
  apply(acting: never, io: never): Promise<unknown>
  undo?(acting: never, io: never): Promise<void> | Promise<Text[]>
  undoWithout?: { [Side in SiteSide]?: (acting: never, io: never) => Promise<void> | Promise<Text[]> }
}

export type TypedMeasure<Spec, Known> = Omit<Measure, 'measure'> & {
  measure(measuring: Measuring<Spec, Known>, io: ReadIo): Promise<Measurement>
}
export type TypedWatch<Spec, Known> = Omit<Watch, 'look'> & {
  look(measuring: Measuring<Spec, Known>, io: ReadIo): Promise<LineStatus>
}
/** A judgement on the facts. The finding's id becomes `component.rule`. */
export type Judgement = { rule: string; level: FindingLevel; text: Text; remedy?: Text }

/** `madeBy`: the action that makes and proves it in the night; it says so too, by `makesReturnPath`. */
export type TypedReturnPath<Spec, Known> = {
  madeBy: Handle
  everySeconds: number
  look(measuring: Measuring<Spec, Known>, io: ReadIo): Promise<ReturnPathSeen>
  letGo?(acting: Acting<Spec, Known>, io: SideIo<'target'>): Promise<void>
  repair(acting: Acting<Spec, Known>, io: SideIo<'source' | 'target'>): Promise<JsonObject>
}

/** What going on without a site loses of a component, by what still lives and by the journal. */
type LosesWithout<Spec, Known> = (
  measuring: Measuring<Spec, Known>,
  side: SiteSide,
  io: ReadIo,
) => Promise<Pick<Loss, 'text' | 'figures'> | undefined>

/** What users write has a return path that is monitored, so people must be told what is lost without it. */
type HoldsData<Spec, Known> = {
  returnPath: TypedReturnPath<Spec, Known>
  losesWithout: LosesWithout<Spec, Known>
}
/**
 * `returnPath`: users write nothing there, or the rollback brings it back whatever has happened since the reopening. Of the latter an
 * action says `makesReturnPath`, and then `losesWithout` is not `nothing` (the contract of kinds, `test/helpers/kind-contract.ts`).
 */
type HoldsNone<Spec, Known> = { returnPath: 'none'; losesWithout: LosesWithout<Spec, Known> | 'nothing' }

export type KindParts<Spec, Known> = {
  messages: Catalogues
  provides?: {
    [Role in RoleName]?: (about: Omit<About<Spec, Known>, 'mode' | 'roles'>) => Roles[Role] | undefined
  }
  /** What of a component has never run against the real thing. `check` says it; the kind's findings do, too. */
  unproven?(about: Pick<About<Spec, Known>, 'component' | 'spec' | 'plan'>): Text[]
  /** As of `Kind`. */
  suggests?: Kind['suggests']
  /** What its fields alone show to be wrong or doubtful; `check` says it. */
  remarks?(about: Pick<About<Spec, Known>, 'component' | 'spec' | 'plan'>): Remark[]
  /** What it runs on the machine of Bascule itself, beside ssh; `bascule doctor` looks for it. */
  programsHere?(about: Pick<About<Spec, Known>, 'component' | 'spec' | 'plan'>): Program[]
  /** As of `Kind`. */
  lackingRules?: readonly string[]
  /** Before there is a plan: what of this kind a host has. */
  discover?: Discovery
  audit(about: About<Spec, Known>, io: ReadIo): Promise<Known>
  auditsAlone?: true
  /** Facts that stay what they are until somebody changes the estate: another one than at the preflight makes that void. */
  steadyFacts?: readonly (keyof Known & string)[]
  findings(about: About<Spec, Known>): Judgement[]
  /** In the order in which they are shown. */
  plan(about: About<Spec, Known>): {
    [Mode in RunMode]: readonly AnyAction<Mode extends 'rehearsal' ? TouchedInRehearsal : TouchedSide>[]
  }
  actions: readonly AnyAction[]
  measures: Record<string, TypedMeasure<Spec, Known>>
  figures?: FigureForms
  evidence?: Record<string, EvidenceForm>
  watches?: Record<string, TypedWatch<Spec, Known>>
  claim?(acting: Acting<Spec, Known>, side: SiteSide, io: ChangeIo): Promise<void>
} & (HoldsData<Spec, Known> | HoldsNone<Spec, Known>)
