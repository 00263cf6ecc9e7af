import type { Facts } from '../../model/fact.ts'
import type { PlanContext } from '../../model/kind.ts'
import type { Component } from '../../model/plan.ts'
import type { PlannedStep, RunMode, Undo } from '../../model/step.ts'
import { composed, type Text } from '../../model/text.ts'
import { resolverMarginSeconds } from './actions/wait-resolvers.ts'
import { asWritten } from './as-written.ts'
import { providerOf } from './providers.ts'
import { zoneTitle } from './records.ts'
import { type DnsSpec, parseSpec } from './spec.ts'
import { auditedTtls, highest } from './ttl.ts'

/** nsupdate's own limit and the reads around it. */
const updateSeconds = 60
const daySeconds = 86_400

type Planner = (spec: DnsSpec, facts: Facts) => PlannedStep[]
const planners: Record<RunMode, Planner> = {
  preparation: (spec, facts) => [lowerTtl(spec, facts), waitOldTtl(spec, facts)],
  rehearsal: spec => [dryRun(spec)],
  live: (spec, facts) => [
    switchNames(spec, facts),
    ...(spec.resolvers.length > 0 ? [waitResolvers(spec)] : []),
  ],
  close: spec => [restoreTtl(spec)],
}

export const planDns = (component: Component, facts: Facts, { mode }: PlanContext): PlannedStep[] =>
  planners[mode](parseSpec(component.spec), facts)

function lowerTtl(spec: DnsSpec, facts: Facts): PlannedStep {
  return {
    ...changing(spec, 'lower-ttl', 'lowerTtl'),
    // The result is lost when a crash falls between update and journal; the step then still knows what to restore.
    params: { ttlByRecord: auditedTtls(facts) },
    stage: 'provision',
    after: [],
  }
}

function waitOldTtl(spec: DnsSpec, facts: Facts): PlannedStep {
  const oldTtlSeconds = highest(auditedTtls(facts))
  return {
    ...step(spec, 'wait-old-ttl', 'waitOldTtl'),
    stage: 'prove',
    after: ['lower-ttl'],
    expectedSeconds: oldTtlSeconds > spec.lowTtlSeconds ? oldTtlSeconds : 1,
    // The action computes its own end. Longer than the audited TTL, since an earlier lowering may hide a higher one.
    deadlineSeconds: Math.max(oldTtlSeconds, daySeconds) + 60,
    undo: nothingToUndo,
  }
}

const switchNames = (spec: DnsSpec, facts: Facts): PlannedStep => ({
  ...changing(spec, 'switch', 'switchNames'),
  params: { asWritten: asWritten(spec, facts) },
  stage: 'switch',
  after: [],
})

const waitResolvers = (spec: DnsSpec): PlannedStep => ({
  ...step(spec, 'wait-resolvers', 'waitResolvers'),
  stage: 'switch',
  after: ['switch'],
  expectedSeconds: Math.ceil(spec.lowTtlSeconds / 2),
  deadlineSeconds: spec.lowTtlSeconds + resolverMarginSeconds + 30,
  attempts: 1,
  undo: nothingToUndo,
})

const restoreTtl = (spec: DnsSpec): PlannedStep => ({
  ...changing(spec, 'restore-ttl', 'restoreTtl'),
  stage: 'close',
  after: [],
})

const dryRun = (spec: DnsSpec): PlannedStep => ({
  ...step(spec, 'dry-run', 'dryRun'),
  stage: 'switch',
  after: [],
  ...durations(spec),
  undo: nothingToUndo,
})

const nothingToUndo: Undo = { possible: false, why: { key: 'dns.undo.nothing' } }

/** Record by record takes its time, and a provider may ask for patience: thrice what is expected is allowed on top. */
function durations(spec: DnsSpec): { expectedSeconds: number; deadlineSeconds: number } {
  const { secondsPerSet } = providerOf(spec).capabilities
  const setsSeconds = Math.ceil(secondsPerSet * spec.records.length)
  return {
    expectedSeconds: 2 + setsSeconds,
    // The servers are waited for before the change, and after.
    deadlineSeconds: updateSeconds + 3 * setsSeconds + 2 * spec.propagationSeconds,
  }
}

/** A step that sends an update and waits for every server to serve it. */
function changing(spec: DnsSpec, name: string, action: string) {
  const { deadlineSeconds, expectedSeconds } = durations(spec)
  const { names, capabilities } = providerOf(spec)
  const { server, key } = names(spec.zone)
  const values = { zone: zoneTitle(spec), server, key }
  const byHand: Text = { key: composed(`dns.byHand.${capabilities.byHand}.${action}`), values }
  const undo: Undo = { possible: true, expectedSeconds, deadlineSeconds, byHand }
  return { ...step(spec, name, action), expectedSeconds, deadlineSeconds, undo }
}

function step(spec: DnsSpec, name: string, action: string) {
  return {
    name,
    action,
    params: {},
    title: {
      key: composed(`dns.${action}.title`),
      values: { zone: zoneTitle(spec), records: spec.records.length },
    },
    attempts: 3,
    backoffSeconds: 2,
    trigger: 'failure' as const,
  }
}
