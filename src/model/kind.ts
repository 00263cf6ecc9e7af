import type { Discovery } from './discovery.ts'
import type { Facts, FactsByComponent, Finding } from './fact.ts'
import type { FigureForms, MeasureUnit } from './figure.ts'
import type { Loss } from './given-up.ts'
import type { HostClock } from './host-clock.ts'
import type { ChangeIo, ReadIo } from './io.ts'
import type { JsonObject } from './json.ts'
import type { Component, Plan, SiteSide } from './plan.ts'
import type { ReturnPathSeen } from './return-path.ts'
import type { Provides, RoleLookup } from './roles.ts'
import type { LeftOut } from './run.ts'
import type { PlannedStep, RunMode, Step } from './step.ts'
import type { Catalogues, MessageKey, Text } from './text.ts'

/**
 * What a kind of component is to the rest of the program. A kind is a folder under `src/kinds/` whose
 * `index.ts` exports one of these as `kind`; the registry finds it by reading the folder.
 */
export type Kind = {
  kind: string
  /** A zod object: the fields the kind asks for in the plan, beside the common ones. */
  spec: unknown
  messages: Catalogues
  /** What its components may be to others. */
  provides?: Provides
  /** What of a component has never run against the real thing. */
  unproven?(component: Component, plan: Plan): Text[]
  /** For fields that a plan leaves unknown, what a repair proposes; the first one that no rule refuses. People have to confirm it. */
  suggests?: Record<string, readonly (string | number)[]>
  /** Pure: what its fields alone show to be wrong or doubtful, before any host is asked. */
  remarks?(component: Component, plan: Plan): Remark[]
  /** What it runs on the machine of Bascule itself, beside ssh. Absent: nothing. */
  programsHere?(component: Component, plan: Plan): Program[]
  /** The rules of its findings that say that a host lacks a program, up to a point in their name. Absent: it has no such rule. */
  lackingRules?: readonly string[]
  /** How `bascule discover` finds what it could move. Absent: people write its components themselves. */
  discover?: Discovery
  audit(component: Component, context: PlanContext, io: ReadIo): Promise<Facts>
  /** True: the audit fills a line, or many hosts at once, and what is asked beside it is late. Absent: it does not. */
  auditsAlone?: true
  /** Names of facts that stay what they are until somebody changes the estate. Absent: none is compared. */
  steadyFacts?: readonly string[]
  /** Pure: what the audited facts mean for the migration. */
  findings(component: Component, facts: Facts, context: PlanContext): Finding[]
  /** Pure: the steps for this mode; the same facts always give the same steps. */
  plan(component: Component, facts: Facts, context: PlanContext): PlannedStep[]
  actions: Record<string, Action>
  measures: Record<string, Measure>
  /** How the figures of its measures and of its steps' results are shown. */
  figures?: FigureForms
  /**
   * Writes the program's fencing number at one site, where the data are; throws Failure when a newer program has been there. The
   * executor calls it for each site that a step changes, before its apply and its undo.
   */
  claim?(context: StepContext, side: SiteSide, io: ChangeIo): Promise<void>
  /** What going on without a site loses of a component: asked of what still lives, and of the journal. Absent: it holds nothing. */
  losesWithout?(
    component: Component,
    side: SiteSide,
    context: MeasureContext,
    io: ReadIo,
  ): Promise<Pick<Loss, 'text' | 'figures'> | undefined>
  /** What an observer outside of Bascule may have counted of such data, for the report; by the name of its field. */
  evidence?: Record<string, EvidenceForm>
  /** Looked at for as long as a run lasts. Absent: nothing. */
  watches?: Record<string, Watch>
  /** Absent: nothing that users write at the target has to come back, or it comes back in the rollback whatever happened before. */
  returnPath?: ReturnPath
}
/** `package`: of Debian, which brings it. */
export type Program = { program: string; package: string }
/** `path`: below the component, of the field. `warn`: right only if somebody knows better; `block`: it cannot work. */
export type Remark = { level: 'warn' | 'block'; path: readonly (string | number)[]; text: Text; remedy: Text }
export type PlanContext = { plan: Plan; mode: RunMode; facts: FactsByComponent; roles?: RoleLookup }

/** The step as its action sees it. */
export type StepContext = {
  step: Step
  component: Component
  plan: Plan
  facts: FactsByComponent
  /** As in `MeasureContext`. */
  clocks?: Record<string, HostClock>
  mode: RunMode
  /** Of the lock: grows with every run and every resume; written at the sites so that an older program is refused. */
  fencingNumber: number
  /** What finished applies returned, by step id: the latest over all runs of this migration, this run's first. */
  results: Record<string, JsonObject>
  /** As in `MeasureContext`. */
  begun?: readonly string[]
  /** Of all components. Absent: nothing is left out. */
  leftOut?: readonly LeftOut[]
  /** Absent: no other component is known. */
  roles?: RoleLookup
  /** The site that the run does without: whatever is asked of its hosts fails at once. Absent: both are there. */
  without?: SiteSide
  /**
   * False: in this run the target has never been made what it is after a step that `handsOver`, nor was it begun, so that nobody
   * can have written there. Absent: nobody knows.
   */
  handedOver?: boolean
}

/** How a step's action is probed, done and undone. Each must bear being called again after a crash at any point. */
export type Action = {
  /**
   * True, or what apply would have returned, when the world already is as apply would leave it. Asked after a
   * crash and before every further attempt.
   */
  isDone(context: StepContext, io: ReadIo): Promise<boolean | JsonObject>
  /** May return facts worth keeping (bytes sent, positions): they go to the journal and to `result`. */
  apply(context: StepContext, io: ChangeIo): Promise<JsonObject | undefined>
  /**
   * Absent exactly when every step of this action says that undo is impossible. May return what it has left as it found it,
   * because it is somebody else's: that is written into the journal, and the rollback goes on.
   */
  undo?(context: StepContext, io: ChangeIo): Promise<void> | Promise<Text[]>
  /** In its undo's place while the run does without that site. What it left or could not save it gives in sentences. */
  undoWithout?: Partial<Record<SiteSide, NonNullable<Action['undo']>>>
}

/** One field of the file given to `report --evidence`: an object of these figures, all of them numbers. */
export type EvidenceForm = {
  figures: readonly string[]
  label: Text
  /** Its values are the figures. */
  sentence: Text['key']
  /** `moved`: the users are at the target, for good. */
  isGood(figures: Record<string, number>, moved: boolean): boolean
}

/**
 * `bandwidth`: the link's rate, in Mbit/s. `lag`: seconds that a copy is behind. `delta`: bytes left to send. `equality`: what differs
 * between both sites' data. `old-ttl`: seconds until no cache has the old records.
 */
export type MeasureMeaning = 'bandwidth' | 'lag' | 'delta' | 'equality' | 'old-ttl'
/** A read-only measure that a check compares with its threshold. */
export type Measure = {
  /** Its sentence has the component's id as `component`. */
  title: MessageKey
  unit: MeasureUnit
  /** Used for the check's deadline. */
  expectedSeconds: number
  /** False: it only makes sense once the source is fenced, so a rehearsal leaves it out. Default true. */
  rehearsable?: boolean
  /** It must hold before the cut of every component of the kind, also where the plan has no such check: equal to this value. */
  requiredAtGo?: { equals: number }
  /** True: it measures speed, or fills a line: the gate’s other checks have ended when it begins. Default false. */
  alone?: boolean
  /** What a threshold on it means for a plan that is judged without hosts. Absent: nothing that a rule asks for. */
  tells?: MeasureMeaning
  /** A field of the component without which there is nothing to measure: a check of it is then refused with the plan. */
  needsField?: string
  measure(component: Component, context: MeasureContext, io: ReadIo): Promise<Measurement>
}
/**
 * Something a run stands on (a line), looked at all the time. While it is lost nothing new starts, transfers that can go on
 * where they were are ended, and people see why; what counts down (deadlines, the last safe moment) counts on.
 */
export type Watch = {
  everySeconds: number
  /** So many looks in a row must find it lost before it counts as lost; one that finds it there ends the loss. */
  failuresUntilLost: number
  /** A Failure counts as lost, with its own words. */
  look(component: Component, context: MeasureContext, io: ReadIo): Promise<LineStatus>
}
export type LineStatus = { there: true } | { there: false; why: Text }

/**
 * How what users write at the target returns to the source. It is looked at all the time from the reopening on, and asked before a
 * rollback stops anything. The step that made it is marked in the runbook (`Step.makesReturnPath`).
 */
export type ReturnPath = {
  everySeconds: number
  /** A Failure counts as broken, with its own words. */
  look(component: Component, context: MeasureContext, io: ReadIo): Promise<ReturnPathSeen>
  /** Before a repair, at the target alone: nobody there waits for the source any more, which may be gone. Absent: nobody does. */
  letGo?(context: StepContext, io: ChangeIo): Promise<void>
  /**
   * Makes it again by an order, with users at the target: changes nothing that they use. Bears being called again after a crash at
   * any point; when it fails, the source is as it was.
   */
  repair(context: StepContext, io: ChangeIo): Promise<JsonObject>
}

export type MeasureContext = {
  plan: Plan
  facts: FactsByComponent
  /** By host, as last compared with this machine's. Absent: nobody has compared any. */
  clocks?: Record<string, HostClock>
  mode: RunMode
  results: Record<string, JsonObject>
  /** Steps of the run that may have changed something: begun, done by hand, or skipped by people, for whatever reason. */
  begun?: readonly string[]
  leftOut?: readonly LeftOut[]
  /** Absent: no other component is known. */
  roles?: RoleLookup
  /** The site that the run does without: whatever is asked of its hosts fails at once. */
  without?: SiteSide
}
/** `value` is compared; `figures` and `detail` are shown, figures as their forms say. `unverified` fails whatever the value. */
export type Measurement = { value: number; figures: JsonObject; detail?: Text[]; unverified?: boolean }
