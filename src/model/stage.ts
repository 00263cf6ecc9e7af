/**
 * The stages of a phase, in order. Kinds place their steps in a stage and know nothing of each other;
 * the compiler adds the edges between components from the stage's order.
 *
 * `down`: a component waits for those that need it (dependents stop first).
 * `up`: a component waits for those that it needs (foundations start first).
 * `together`: within the stage, components do not wait for each other.
 */
export type StageOrder = 'down' | 'up' | 'together'
export type Stage = {
  id: StageId
  phase: PhaseId
  order: StageOrder
  /** Nothing of this stage starts before everything of the earlier ones has ended. */
  barrier: boolean
}

export type PhaseId = 'before' | 'night' | 'after'
export type StageId =
  | 'provision' // rights and receivers made ready, TTL lowered
  | 'seed' // first full copy; replication goes on from here
  | 'prove' // what can be compared in the days before
  | 'announce' // maintenance page on
  | 'quiesce' // services at the source stopped cleanly
  | 'fence' // the source refuses writes
  | 'drain' // last delta; positions equal
  | 'handover' // authority passes from source to target; the reverse channel is proven
  | 'start' // services up at the target, behind the maintenance page
  | 'switch' // traffic goes to the target
  | 'restore-service' // users come back
  | 'settle' // what is put in order before people go to bed
  | 'close' // after the monitoring period: what was kept ready for a rollback (TTL)

export const stages: readonly Stage[] = [
  { id: 'provision', phase: 'before', order: 'together', barrier: false },
  { id: 'seed', phase: 'before', order: 'together', barrier: false },
  { id: 'prove', phase: 'before', order: 'together', barrier: false },
  { id: 'announce', phase: 'night', order: 'together', barrier: false },
  { id: 'quiesce', phase: 'night', order: 'down', barrier: false },
  { id: 'fence', phase: 'night', order: 'down', barrier: false },
  { id: 'drain', phase: 'night', order: 'down', barrier: false },
  { id: 'handover', phase: 'night', order: 'up', barrier: false },
  { id: 'start', phase: 'night', order: 'up', barrier: true },
  { id: 'switch', phase: 'night', order: 'up', barrier: true },
  { id: 'restore-service', phase: 'night', order: 'together', barrier: true },
  { id: 'settle', phase: 'night', order: 'together', barrier: true },
  { id: 'close', phase: 'after', order: 'together', barrier: false },
]

/** Gates stand in front of a stage: nothing of that stage, or after, starts before the gate is open. */
export type GateId = 'go' | 'integrity' | 'reopen'
export const gateBefore: Record<GateId, StageId> = { go: 'announce', integrity: 'handover', reopen: 'switch' }
