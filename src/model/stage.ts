/**
 * The stages of a phase, in order. Adapters place their steps in a stage and know nothing of each other;
 * the compiler adds the edges between components from the stage's direction.
 *
 * `down`: a component waits for those that need it (dependents stop first).
 * `up`: a component waits for those that it needs (foundations start first).
 */
export type Direction = 'down' | 'up'
export type Stage = { id: StageId; phase: PhaseId; direction: Direction }

export type PhaseId = 'prepare' | 'night'
export type StageId =
  | 'prepare' // rights and receivers made ready, TTL lowered
  | 'seed' // first full copy; replication goes on from here
  | 'prove' // what can be compared in the days before
  | 'announce' // maintenance page on
  | 'quiesce' // services at the source stopped cleanly
  | 'fence' // the source refuses writes
  | 'drain' // last delta; positions equal
  | 'handover' // authority passes from source to target; the reverse channel is proven
  | 'start' // services up at the target, behind the maintenance page
  | 'switch' // traffic goes to the target
  | 'reopen' // users come back
  | 'settle' // what is put back in order afterwards (TTL)

export const stages: readonly Stage[] = [
  { id: 'prepare', phase: 'prepare', direction: 'up' },
  { id: 'seed', phase: 'prepare', direction: 'up' },
  { id: 'prove', phase: 'prepare', direction: 'up' },
  { id: 'announce', phase: 'night', direction: 'down' },
  { id: 'quiesce', phase: 'night', direction: 'down' },
  { id: 'fence', phase: 'night', direction: 'down' },
  { id: 'drain', phase: 'night', direction: 'down' },
  { id: 'handover', phase: 'night', direction: 'up' },
  { id: 'start', phase: 'night', direction: 'up' },
  { id: 'switch', phase: 'night', direction: 'up' },
  { id: 'reopen', phase: 'night', direction: 'up' },
  { id: 'settle', phase: 'night', direction: 'up' },
]

/** Gates stand in front of a stage: nothing of that stage, or after, starts before the gate is open. */
export type GateId = 'go' | 'integrity' | 'reopen'
export const gateBefore: Record<GateId, StageId> = { go: 'announce', integrity: 'handover', reopen: 'switch' }
