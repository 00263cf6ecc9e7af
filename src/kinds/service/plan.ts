import type { Facts } from '../../model/fact.ts'
import type { PlanContext } from '../../model/kind.ts'
import type { Component, SiteSide } from '../../model/plan.ts'
import type { PlannedStep } from '../../model/step.ts'
import { composed, type MessageKey, type Text } from '../../model/text.ts'
import { isManaged, type ManagedSide, type ServiceSide, serviceAt } from './sides.ts'

/** Beside the service's own times: asking its state, its log and its edge over ssh. */
const marginSeconds = 30

/** A rehearsal starts the service at the target behind its maintenance page, and never touches the source. */
export function planService(component: Component, _facts: Facts, context: PlanContext): PlannedStep[] {
  const source = serviceAt(component, context.plan, 'source')
  const target = serviceAt(component, context.plan, 'target')
  const attempts = context.plan.rollback.serviceStartAttempts
  switch (context.mode) {
    case 'preparation':
    case 'close':
      return []
    case 'rehearsal':
      return [maintenanceOn(source, ['target']), up(target, attempts)]
    case 'live':
      // The target first: from then on neither site serves until one is reopened on purpose.
      return [
        maintenanceOn(source, ['target', 'source']),
        ...(isManaged(source) ? [stop(source, attempts)] : []),
        up(target, attempts),
        maintenanceOff(target),
      ]
  }
}

/** A service without a manager has no stop: its machine's shutdown is one, in the same stage. */
const up = (target: ServiceSide, attempts: number): PlannedStep =>
  isManaged(target) ? start(target, attempts) : awaitHealthy(target, attempts)

function maintenanceOn(source: ServiceSide, sides: SiteSide[]): PlannedStep {
  return {
    name: 'maintenance-on',
    action: 'maintenanceOn',
    params: { sides },
    title: titled('maintenanceOn', source),
    stage: 'announce',
    after: [],
    expectedSeconds: 2,
    deadlineSeconds: 60,
    attempts: 3,
    backoffSeconds: 2,
    trigger: 'failure',
    undo: {
      possible: true,
      expectedSeconds: 2,
      deadlineSeconds: 60,
      byHand: onHost('service.byHand.openEdge', source.edgeHost.ssh, [
        ['rm', '-f', source.spec.maintenance.file],
      ]),
    },
  }
}

function stop(source: ManagedSide, startAttempts: number): PlannedStep {
  const { startSeconds, stopSeconds } = source.spec
  return {
    name: 'stop',
    action: 'stop',
    params: {},
    title: titled('stop', source),
    stage: 'quiesce',
    after: ['maintenance-on'],
    expectedSeconds: 3,
    deadlineSeconds: stopSeconds + marginSeconds,
    attempts: 2,
    backoffSeconds: 2,
    trigger: 'failure',
    undo: {
      possible: true,
      expectedSeconds: 5,
      deadlineSeconds: startAttempts * (startSeconds + stopSeconds + marginSeconds),
      byHand: onHost('service.byHand.start', source.host.ssh, startCommands(source)),
    },
  }
}

function start(target: ManagedSide, attempts: number): PlannedStep {
  const { startSeconds, stopSeconds } = target.spec
  return {
    name: 'start',
    action: 'start',
    params: {},
    title: titled('start', target),
    stage: 'start',
    after: ['maintenance-on'],
    expectedSeconds: 5,
    deadlineSeconds: startSeconds + stopSeconds + marginSeconds,
    attempts,
    backoffSeconds: 2,
    trigger: 'R2',
    undo: {
      possible: true,
      expectedSeconds: 3,
      deadlineSeconds: stopSeconds + marginSeconds,
      byHand: onHost('service.byHand.stop', target.host.ssh, [
        target.manager.disable(target.unit),
        target.manager.stop(target.unit, stopSeconds),
      ]),
    },
  }
}

function awaitHealthy(target: ServiceSide, attempts: number): PlannedStep {
  return {
    name: 'start',
    action: 'await',
    params: {},
    title: titled('await', target),
    stage: 'start',
    after: ['maintenance-on'],
    expectedSeconds: 5,
    deadlineSeconds: target.spec.startSeconds + marginSeconds,
    attempts,
    backoffSeconds: 2,
    trigger: 'R2',
    undo: {
      possible: true,
      expectedSeconds: 1,
      deadlineSeconds: 60,
      byHand: { key: 'service.byHand.withItsMachine', values: { service: target.component } },
    },
  }
}

function maintenanceOff(target: ServiceSide): PlannedStep {
  return {
    name: 'maintenance-off',
    action: 'maintenanceOff',
    params: {},
    title: titled('maintenanceOff', target),
    stage: 'restore-service',
    after: ['start'],
    expectedSeconds: 2,
    deadlineSeconds: 60,
    attempts: 3,
    backoffSeconds: 2,
    trigger: 'failure',
    undo: {
      possible: true,
      expectedSeconds: 2,
      deadlineSeconds: 60,
      byHand: onHost('service.byHand.closeEdge', target.edgeHost.ssh, [
        ['touch', target.spec.maintenance.file],
      ]),
    },
  }
}

const startCommands = (at: ManagedSide) => [at.manager.enable(at.unit), at.manager.start(at.unit)]

const titled = (step: string, at: ServiceSide): Text => ({
  key: composed(`service.${step}.title`),
  values: { service: at.component, site: at.siteTitle },
})

const onHost = (key: MessageKey, host: string, commands: (readonly string[])[]): Text => ({
  key,
  values: { host, commands: commands.map(argv => argv.join(' ')).join(' && ') },
})
