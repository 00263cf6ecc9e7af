import { z } from 'zod'
import type { Fact, Facts, Finding } from '../../model/fact.ts'
import { Failure } from '../../model/failure.ts'
import type { ChangeIo, ReadIo } from '../../model/io.ts'
import type { Json, JsonObject } from '../../model/json.ts'
import type { Action, Kind, MeasureContext, StepContext } from '../../model/kind.ts'
import type { Component, Plan, SiteSide } from '../../model/plan.ts'
import type { Asked, Provides, RoleLookup } from '../../model/roles.ts'
import type { RunMode, TouchedSide } from '../../model/step.ts'
import type { KeysOf, Sentences } from '../../model/text.ts'
import type {
  Acting,
  AnyAction,
  FactsOf,
  FactTable,
  KindParts,
  Measuring,
  ResultOf,
  TypedAction,
} from './kind-parts.ts'
import en from './messages/en.json' with { type: 'json' }
import fr from './messages/fr.json' with { type: 'json' }
import { plannedSteps, stepOf } from './planned-steps.ts'
import { given, mapped } from './records.ts'
import { sideIo } from './side-io.ts'

/** What every kind says by the kit: each has these sentences beside its own. */
const kit: Sentences<typeof en> = { en, fr }

declare module '../../model/text.ts' {
  interface MessageKeys extends KeysOf<typeof en> {}
}

/**
 * Fixes a kind's name, spec and facts for its actions, and puts its parts together. What the plan says is parsed once for each
 * component; facts and results are parsed when they are read. `modelled`: what the plan's fields, flat as they are, come to, where
 * some go together and some exclude each other.
 */
export function kindOf<Shape extends z.ZodType, Table extends FactTable, Spec = z.infer<Shape>>(
  name: string,
  spec: Shape,
  table: Table,
  modelled: (fields: z.infer<Shape>) => Spec = fields => fields as Spec,
) {
  type Known = FactsOf<Table>
  const parsed = new WeakMap<object, Spec>()
  const specOf = (component: Component): Spec => {
    const known = parsed.get(component.spec)
    if (known !== undefined) return known
    const fresh = modelled(spec.parse(component.spec))
    parsed.set(component.spec, fresh)
    return fresh
  }
  const factsOf = (facts: Facts | undefined): Known => {
    const known = Object.entries(table).flatMap(([fact, { value }]) => {
      const read = value.safeParse(facts?.[fact]?.value)
      return facts?.[fact] !== undefined && read.success ? [[fact, read.data] as const] : []
    })
    return Object.fromEntries(known) as Known
  }
  const asFacts = (known: Known, at: string): Facts => {
    const facts = Object.entries(known).flatMap(([fact, value]): [string, Fact][] =>
      value === undefined ? [] : [[fact, { value: value as Json, unit: table[fact]?.unit ?? '', at }]],
    )
    return Object.fromEntries(facts)
  }
  const aboutOf = (component: Component, context: Context, facts = context.facts[component.id]) => ({
    component,
    spec: specOf(component),
    facts: factsOf(facts),
    plan: context.plan,
    mode: context.mode,
    roles: context.roles ?? (() => []),
    ...(context.without && { without: context.without }),
  })
  const resultsOf =
    (component: Component, results: Record<string, JsonObject>): ResultOf =>
    action => {
      const step = `${component.id}.${stepOf(action)}`
      const given = results[step]
      if (given === undefined || action.result === undefined) return undefined
      const read = action.result.safeParse(given)
      if (read.success) return read.data
      // Taken for no result, an undo would leave what the step has kept for it.
      throw new Failure(
        { key: 'kit.resultUnreadable', values: { step, why: z.prettifyError(read.error) } },
        { remedy: { key: 'kit.resultUnreadable.remedy' }, cause: read.error },
      )
    }
  const measuring = (component: Component, context: MeasureContext): Measuring<Spec, Known> => ({
    ...aboutOf(component, context),
    resultOf: resultsOf(component, context.results),
    wasBegun: action => {
      const step = `${component.id}.${stepOf(action)}`
      return step in context.results || context.begun?.includes(step) === true
    },
    leftOut: (context.leftOut ?? []).filter(one => one.component === component.id).map(({ part }) => part),
    clocks: context.clocks ?? {},
  })
  const acting = (context: StepContext): Acting<Spec, Known> => ({
    ...measuring(context.component, context),
    step: context.step,
    fencingNumber: context.fencingNumber,
    handedOver: context.handedOver ?? true,
  })
  /** The lists hold actions of every result: each is called with what its own kind knows. */
  const untyped = (action: AnyAction): Action => {
    const { isDone, apply, undo, undoWithout } = action as TypedAction<
      Spec,
      Known,
      string,
      TouchedSide,
      JsonObject
    >
    return {
      isDone: (context, io) => isDone(acting(context), io),
      apply: (context, io) => apply(acting(context), sideIo(context.plan, io)),
      ...(undo && {
        undo: async (context, io) => (await undo(acting(context), sideIo(context.plan, io))) ?? [],
      }),
      ...(undoWithout && {
        undoWithout: mapped(
          undoWithout,
          work => async (context: StepContext, io: ChangeIo) =>
            (await work(acting(context), sideIo(context.plan, io))) ?? [],
        ),
      }),
    }
  }

  return {
    specOf,
    factsOf,
    action: <const Name extends string, const Touched extends TouchedSide = never, Result = undefined>(
      action: TypedAction<Spec, Known, Name, Touched, Result>,
    ) => action,
    defineKind: (parts: KindParts<Spec, Known>): Kind => {
      const {
        messages,
        provides,
        unproven,
        suggests,
        remarks,
        programsHere,
        lackingRules,
        discover,
        audit,
        auditsAlone,
        steadyFacts,
        findings,
        plan,
        actions,
        measures,
        figures,
        evidence,
        watches,
        losesWithout,
        returnPath,
        claim,
      } = parts
      const letGo = returnPath === 'none' ? undefined : returnPath.letGo
      return {
        kind: name,
        spec,
        ...given({ suggests, lackingRules, discover, auditsAlone, steadyFacts, figures, evidence }),
        messages: { en: { ...kit.en, ...messages.en }, fr: { ...kit.fr, ...messages.fr } },
        ...(provides && {
          provides: mapped(
            provides,
            role => (asked: Asked) => role(aboutOf(asked.component, { ...asked, mode: 'live' })),
          ) as Provides,
        }),
        ...(unproven && {
          unproven: (component: Component, plan: Plan) =>
            unproven({ component, spec: specOf(component), plan }),
        }),
        ...(remarks && {
          remarks: (component: Component, plan: Plan) =>
            remarks({ component, spec: specOf(component), plan }),
        }),
        ...(programsHere && {
          programsHere: (component: Component, plan: Plan) =>
            programsHere({ component, spec: specOf(component), plan }),
        }),
        audit: async (component, context, io) =>
          asFacts(await audit(aboutOf(component, context), io), io.now()),
        findings: (component, facts, context) =>
          findings(aboutOf(component, context, facts)).map(
            ({ rule, ...judgement }): Finding => ({
              id: `${component.id}.${rule}`,
              component: component.id,
              ...judgement,
            }),
          ),
        plan: (component, facts, context) => {
          const about = aboutOf(component, context, facts)
          const monitored = returnPath === 'none' ? undefined : returnPath.madeBy.name
          return plannedSteps(plan(about)[context.mode], about, monitored)
        },
        actions: Object.fromEntries(actions.map(action => [action.name, untyped(action)])),
        measures: mapped(measures, ({ measure, ...rest }) => ({
          ...rest,
          measure: (component: Component, context: MeasureContext, io: ReadIo) =>
            measure(measuring(component, context), io),
        })),
        ...(watches && {
          watches: mapped(watches, ({ look, ...rest }) => ({
            ...rest,
            look: (component: Component, context: MeasureContext, io: ReadIo) =>
              look(measuring(component, context), io),
          })),
        }),
        ...(losesWithout !== 'nothing' && {
          losesWithout: (component, side, context, io) =>
            losesWithout(measuring(component, context), side, io),
        }),
        ...(returnPath !== 'none' && {
          returnPath: {
            everySeconds: returnPath.everySeconds,
            look: (component: Component, context: MeasureContext, io: ReadIo) =>
              returnPath.look(measuring(component, context), io),
            ...(letGo && {
              letGo: (context: StepContext, io: ChangeIo) => letGo(acting(context), sideIo(context.plan, io)),
            }),
            repair: (context: StepContext, io: ChangeIo) =>
              returnPath.repair(acting(context), sideIo(context.plan, io)),
          },
        }),
        ...(claim && { claim: (context, side, io) => claim(acting(context), side, io) }),
      }
    },
  }
}

type Context = {
  plan: Plan
  mode: RunMode
  roles?: RoleLookup
  facts: Record<string, Facts>
  without?: SiteSide
}
