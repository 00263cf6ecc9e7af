import type { Facts } from '../../model/fact.ts'
import type { PlanContext } from '../../model/kind.ts'
import type { Component } from '../../model/plan.ts'
import type { PlannedStep, Undo } from '../../model/step.ts'
import { composed, type Text } from '../../model/text.ts'
import { type Gateway, gatewayAt, testerOf } from './gateways.ts'
import { tunnels } from './tester/commands.ts'

/** Beside what a gateway may take to come up: ssh, its manager, its file. */
const marginSeconds = 60

type Sides = { source: Gateway; target: Gateway; tester: string }

export function planWireguard(
  component: Component,
  _facts: Facts,
  { plan, mode }: PlanContext,
): PlannedStep[] {
  const sides: Sides = {
    source: gatewayAt(component, plan, 'source'),
    target: gatewayAt(component, plan, 'target'),
    tester: testerOf(component, plan).ssh,
  }
  switch (mode) {
    case 'preparation':
      return [
        prepareTarget(sides),
        ...(sides.target.spec.profiles ? [profiles(sides)] : []),
        testClient(sides),
      ]
    case 'rehearsal':
      return [{ ...prove(sides, 'address'), name: 'try', stage: 'switch' }]
    case 'live':
      return [syncPeers(sides), switchGateways(sides), prove(sides, 'name')]
    case 'close':
      return [retire(sides)]
  }
}

const prepareTarget = (sides: Sides): PlannedStep => ({
  ...step(sides, 'prepare-target', 'prepareTarget', sides.target.spec.startSeconds),
  params: { identity: sides.target.spec.identity },
  stage: 'provision',
  undo: undoable(sides, 'prepareTarget', 5),
})

const profiles = (sides: Sides): PlannedStep => ({
  ...step(sides, 'profiles', 'profiles', 5),
  stage: 'provision',
  after: ['prepare-target'],
  undo: undoable(sides, 'profiles', 2),
})

const testClient = (sides: Sides): PlannedStep => ({
  ...step(sides, 'test-client', 'testClient', 5),
  stage: 'provision',
  after: ['prepare-target'],
  undo: undoable(sides, 'testClient', 5),
})

const syncPeers = (sides: Sides): PlannedStep => ({
  ...step(sides, 'sync-peers', 'syncPeers', 2),
  stage: 'drain',
  undo: undoable(sides, 'syncPeers', 2),
})

const switchGateways = (sides: Sides): PlannedStep => ({
  ...step(sides, 'switch', 'switchGateways', 5),
  stage: 'switch',
  undo: undoable(sides, 'switchGateways', 5),
})

const prove = (sides: Sides, by: 'name' | 'address'): PlannedStep => ({
  ...step(sides, 'prove', 'proveTunnel', 10),
  params: { by },
  stage: 'settle',
  attempts: 4,
  backoffSeconds: 5,
  undo: nothingToUndo,
})

const retire = (sides: Sides): PlannedStep => ({
  ...step(sides, 'retire', 'retire', 5),
  stage: 'close',
  undo: nothingToUndo,
})

const nothingToUndo: Undo = { possible: false, why: { key: 'wireguard.undo.nothing' } }

function undoable(sides: Sides, action: string, expectedSeconds: number): Undo {
  const byHand: Text = { key: composed(`wireguard.byHand.${action}`), values: valuesOf(sides) }
  return { possible: true, expectedSeconds, deadlineSeconds: deadline(sides), byHand }
}

function step(sides: Sides, name: string, action: string, expectedSeconds: number) {
  return {
    name,
    action,
    params: {},
    title: { key: composed(`wireguard.${action}.title`), values: valuesOf(sides) } satisfies Text,
    after: [],
    expectedSeconds,
    deadlineSeconds: deadline(sides),
    attempts: 3,
    backoffSeconds: 2,
    trigger: 'failure' as const,
  }
}

const deadline = ({ target }: Sides) => 2 * target.spec.startSeconds + marginSeconds

/** By hand the same is done with the gateways' own programs; the kept copies lie where the sentences say. */
function valuesOf({ source, target, tester }: Sides) {
  const { spec, manager, unit } = target
  const typed = (...argvs: (readonly string[])[]) => argvs.map(argv => argv.join(' ')).join(' && ')
  return {
    component: target.component,
    source: source.siteTitle,
    target: target.siteTitle,
    sourceHost: source.host.ssh,
    targetHost: target.host.ssh,
    tester,
    file: spec.configFile,
    interface: spec.interface,
    kept: target.keptBy(''),
    folder: `${spec.profiles?.directory ?? ''}/${target.component}`,
    start: typed(manager.enable(unit), manager.start(unit)),
    stop: typed(manager.disable(unit), manager.stop(unit, 15)),
    namespaces: `${tunnels.source.namespace}, ${tunnels.target.namespace}`,
  }
}
