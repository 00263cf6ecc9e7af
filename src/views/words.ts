import type { Event } from '../model/event.ts'
import type { StageId } from '../model/stage.ts'
import type { RunMode, Trigger } from '../model/step.ts'
import type { MessageKey } from '../model/text.ts'
import type { CheckRow, GateRow, SignoffRow } from './gates.ts'
import type { RowState } from './rows.ts'
import type { StageState } from './stages-and-gates.ts'
import type { RunState } from './status.ts'

/** The sentence of each mode, state and reason. Written out, so that grep finds where each one is said. */
export const modeKeys: Record<RunMode, MessageKey> = {
  preparation: 'views.mode.preparation',
  rehearsal: 'views.mode.rehearsal',
  live: 'views.mode.live',
  close: 'views.mode.close',
}

export const stateKeys: Record<RunState, MessageKey> = {
  'not-started': 'views.state.not-started',
  running: 'views.state.running',
  waiting: 'views.state.waiting',
  held: 'views.state.held',
  'line-lost': 'views.state.line-lost',
  closed: 'views.state.closed',
  'rolling-back': 'views.state.rolling-back',
  prepared: 'views.state.prepared',
  rehearsed: 'views.state.rehearsed',
  moved: 'views.state.moved',
  'rolled-back': 'views.state.rolled-back',
  'rolled-back-by-hand': 'views.state.rolled-back-by-hand',
  'rollback-failed': 'views.state.rollback-failed',
  failed: 'views.state.failed',
}

export const stepKeys: Record<RowState, MessageKey> = {
  waiting: 'views.step.waiting',
  'not-executed': 'views.step.not-executed',
  running: 'views.step.running',
  interrupted: 'views.step.interrupted',
  paused: 'views.step.paused',
  done: 'views.step.done',
  'found-done': 'views.step.found-done',
  'by-hand': 'views.step.by-hand',
  skipped: 'views.step.skipped',
  'site-given-up': 'views.step.site-given-up',
  failed: 'views.step.failed',
  undoing: 'views.step.undoing',
  'undo-interrupted': 'views.step.undo-interrupted',
  undone: 'views.step.undone',
  'undone-by-hand': 'views.step.undone-by-hand',
  'undo-skipped': 'views.step.undo-skipped',
  kept: 'views.step.kept',
  'undo-passed-over': 'views.step.undo-passed-over',
  'undo-failed': 'views.step.undo-failed',
}

export const stageKeys: Record<StageId, MessageKey> = {
  provision: 'views.stage.provision',
  seed: 'views.stage.seed',
  prove: 'views.stage.prove',
  announce: 'views.stage.announce',
  quiesce: 'views.stage.quiesce',
  fence: 'views.stage.fence',
  drain: 'views.stage.drain',
  handover: 'views.stage.handover',
  start: 'views.stage.start',
  switch: 'views.stage.switch',
  'restore-service': 'views.stage.restore-service',
  settle: 'views.stage.settle',
  close: 'views.stage.close',
}

export const stageStateKeys: Record<StageState, MessageKey> = {
  waiting: 'views.stageState.waiting',
  'not-executed': 'views.stageState.not-executed',
  running: 'views.stageState.running',
  done: 'views.stageState.done',
  failed: 'views.stageState.failed',
  undoing: 'views.stageState.undoing',
  undone: 'views.stageState.undone',
}

export const gateKeys: Record<GateRow['state'], MessageKey> = {
  ahead: 'views.gate.ahead',
  checking: 'views.gate.checking',
  blocked: 'views.gate.blocked',
  waiting: 'views.gate.waiting',
  refused: 'views.gate.refused',
  'not-passed': 'views.gate.not-passed',
  open: 'views.gate.open',
}

export const checkKeys: Record<CheckRow['state'], MessageKey> = {
  waiting: 'views.check.waiting',
  'not-measured': 'views.check.not-measured',
  running: 'views.check.running',
  interrupted: 'views.check.interrupted',
  passed: 'views.check.passed',
  failed: 'views.check.failed',
}

export const signoffKeys: Record<SignoffRow['state'], MessageKey> = {
  go: 'views.signoff.go',
  'no-go': 'views.signoff.no-go',
  awaited: 'views.signoff.awaited',
  'not-given': 'views.signoff.not-given',
}

/** What going back loses (or lost), as the journal proves it. */
export const wouldLoseKeys = {
  'nothing-source-kept': 'views.wouldLose.nothing-source-kept',
  'nothing-before-reopening': 'views.wouldLose.nothing-before-reopening',
  'nothing-came-back': 'views.wouldLose.nothing-came-back',
  'reverse-channel': 'views.wouldLose.reverse-channel',
  'no-return-path': 'views.wouldLose.no-return-path',
  'site-given-up': 'views.wouldLose.site-given-up',
  'no-way-back': 'views.wouldLose.no-way-back',
  unproven: 'views.wouldLose.unproven',
} as const satisfies Record<string, MessageKey>
export type WouldLose = keyof typeof wouldLoseKeys

export const triggerKeys: Record<Trigger, MessageKey> = {
  R1: 'views.trigger.R1',
  R2: 'views.trigger.R2',
  R3: 'views.trigger.R3',
  R4: 'views.trigger.R4',
  'no-go': 'views.trigger.no-go',
  order: 'views.trigger.order',
  failure: 'views.trigger.failure',
  rehearsal: 'views.trigger.rehearsal',
}

/** What an entry of the journal is; its fields stand beside it as the journal has them. */
export const entryKeys: Record<Event['type'], MessageKey> = {
  'plan.recorded': 'views.entry.plan.recorded',
  'runbook.recorded': 'views.entry.runbook.recorded',
  'facts.recorded': 'views.entry.facts.recorded',
  'findings.recorded': 'views.entry.findings.recorded',
  'preflight.ended': 'views.entry.preflight.ended',
  'clocks.compared': 'views.entry.clocks.compared',
  'run.started': 'views.entry.run.started',
  'run.resumed': 'views.entry.run.resumed',
  'run.finished': 'views.entry.run.finished',
  'step.started': 'views.entry.step.started',
  'step.done': 'views.entry.step.done',
  'step.failed': 'views.entry.step.failed',
  'gate.reached': 'views.entry.gate.reached',
  'check.started': 'views.entry.check.started',
  'check.done': 'views.entry.check.done',
  'check.failed': 'views.entry.check.failed',
  'gate.opened': 'views.entry.gate.opened',
  'order.received': 'views.entry.order.received',
  'order.refused': 'views.entry.order.refused',
  'part.left-out': 'views.entry.part.left-out',
  'rollback.started': 'views.entry.rollback.started',
  'undo.started': 'views.entry.undo.started',
  'undo.done': 'views.entry.undo.done',
  'undo.failed': 'views.entry.undo.failed',
  'site.asked': 'views.entry.site.asked',
  'site.given-up': 'views.entry.site.given-up',
  'line.lost': 'views.entry.line.lost',
  'line.back': 'views.entry.line.back',
  'return-path.seen': 'views.entry.return-path.seen',
  'return-path.repair-started': 'views.entry.return-path.repair-started',
  'return-path.repaired': 'views.entry.return-path.repaired',
  'return-path.repair-failed': 'views.entry.return-path.repair-failed',
  'copy.lost': 'views.entry.copy.lost',
  'copy.back': 'views.entry.copy.back',
  'journal.key': 'views.entry.journal.key',
  'journal.sealed': 'views.entry.journal.sealed',
  'journal.stamped': 'views.entry.journal.stamped',
  'journal.not-stamped': 'views.entry.journal.not-stamped',
  note: 'views.entry.note',
}
