import type { Facts } from '../../model/fact.ts'
import type { PlanContext } from '../../model/kind.ts'
import type { Component } from '../../model/plan.ts'
import type { PlannedStep, Undo } from '../../model/step.ts'
import { composed, type Text } from '../../model/text.ts'
import { takeBackSeconds } from './load-under-timer.ts'
import { type GatewaySide, gatewayAt } from './sides.ts'

/** The target's gateway is made ready in the days before. In the night it is only looked at, at the gates. */
export function planFirewall(
  component: Component,
  _facts: Facts,
  { plan, mode }: PlanContext,
): PlannedStep[] {
  if (mode !== 'preparation') return []
  const at = gatewayAt(component, plan, 'target')
  const hasVlans = at.spec.vlans.length > 0
  return [...(hasVlans ? [vlans(at)] : []), load(at, hasVlans), persist(at), prove(at)]
}

const vlans = (at: GatewaySide): PlannedStep => ({
  ...step(at, 'vlans', 'vlans', { vlans: at.spec.vlans.map(({ name }) => name).join(', ') }),
  after: [],
  expectedSeconds: 2,
  deadlineSeconds: 60,
  undo: undoing(at, 'vlans', {
    commands: at.spec.vlans.map(({ target }) => `ip link del ${target.bridge}`).join('; '),
  }),
})

/** An attempt that locks itself out lasts until the old rules are back; nobody wants to be locked out twice. */
const load = (at: GatewaySide, afterVlans: boolean): PlannedStep => ({
  ...step(at, 'load', 'load', { seconds: at.spec.revertSeconds }),
  after: afterVlans ? ['vlans'] : [],
  attempts: 1,
  expectedSeconds: 3,
  deadlineSeconds: at.spec.revertSeconds + takeBackSeconds + 60,
  undo: undoing(at, 'load', { file: `${at.directory.load}/undo.nft` }),
})

const persist = (at: GatewaySide): PlannedStep => ({
  ...step(at, 'persist', 'persist', { file: at.spec.file }),
  after: ['load'],
  expectedSeconds: 2,
  deadlineSeconds: 60,
  undo: undoing(at, 'persist', { file: at.spec.file, kept: `${at.directory.file}/before` }),
})

const prove = (at: GatewaySide): PlannedStep => ({
  ...step(at, 'prove', 'prove', {}),
  stage: 'prove',
  after: ['persist'],
  expectedSeconds: 20,
  deadlineSeconds: 180,
  undo: { possible: false, why: { key: 'nftables.prove.noUndo' } },
})

function step(at: GatewaySide, name: string, action: string, values: Text['values']) {
  return {
    name,
    action,
    params: {},
    title: {
      key: composed(`nftables.${action}.title`),
      values: { host: at.host.ssh, site: at.siteTitle, ...values },
    },
    stage: 'provision' as const,
    attempts: 2,
    backoffSeconds: 5,
    trigger: 'failure' as const,
  }
}

const undoing = (at: GatewaySide, action: string, values: Text['values']): Undo => ({
  possible: true,
  expectedSeconds: 2,
  deadlineSeconds: 60,
  byHand: { key: composed(`nftables.${action}.byHand`), values: { host: at.host.ssh, ...values } },
})
