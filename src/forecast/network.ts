import { topologicalOrder } from '../runbook/graph.ts'
import type { Ratios } from './ratios.ts'

/** Something that takes time, after others: a step, the checks of a gate, a person's sign-off. */
export type Task = {
  id: string
  after: readonly string[]
  /** What is expected with the link, and all that it needs, to itself. */
  seconds: number
  ratios: Ratios
  /** Of its time, the share in which it sends over the link: tasks that send at the same time share the link equally. */
  linkShare: number
  /** Names of what it uses alone. Tasks that name the same do not overlap: side by side each would take as much longer. */
  alone: readonly string[]
  /** Nothing waits for it, and its end is not the night's. */
  beside?: true
}

/** The tasks as arrays of numbers, in an order in which each stands after all that it waits for. */
export type Network = {
  ids: readonly string[]
  seconds: Float64Array
  linkShare: Float64Array
  /** 1: its end counts for the night's. */
  counts: Uint8Array
  /** All ratios one after the other, and where those of a task begin. */
  ratios: Float64Array
  ratiosAt: Int32Array
  /** How many tasks each waits for. */
  waitsFor: Int32Array
  next: Lists
  alone: Lists
  resources: number
}
/** The items of list n are from `at[n]` to before `at[n + 1]`. */
export type Lists = { at: Int32Array; items: Int32Array }

/** Names that are no task are passed over: what they stand for takes no time here. */
export function networkOf(tasks: readonly Task[]): Network {
  const { ordered, cycle } = topologicalOrder(withoutUnknown(tasks))
  if (cycle.length > 0) throw new RangeError(`tasks wait for each other: ${cycle.join(', ')}`)
  const indexOf = new Map(ordered.map(({ id }, index) => [id, index]))
  const next: number[][] = ordered.map(() => [])
  for (const [index, { after }] of ordered.entries()) {
    for (const id of after) next[indexOf.get(id) as number]?.push(index)
  }
  const names = [...new Set(ordered.flatMap(({ alone }) => alone))]
  const { ratios, ratiosAt } = tablesOf(ordered)
  return {
    ids: ordered.map(({ id }) => id),
    seconds: Float64Array.from(ordered, ({ seconds }) => seconds),
    linkShare: Float64Array.from(ordered, ({ linkShare }) => linkShare),
    counts: Uint8Array.from(ordered, ({ beside }) => (beside ? 0 : 1)),
    ratios,
    ratiosAt,
    waitsFor: Int32Array.from(ordered, ({ after }) => after.length),
    next: listsOf(next),
    alone: listsOf(ordered.map(({ alone }) => [...new Set(alone)].map(name => names.indexOf(name)))),
    resources: names.length,
  }
}

function withoutUnknown(tasks: readonly Task[]): Task[] {
  const known = new Set(tasks.filter(({ beside }) => !beside).map(({ id }) => id))
  return tasks.map(task => ({ ...task, after: [...new Set(task.after)].filter(id => known.has(id)) }))
}

/** Tasks that spread alike share their ratios, so that few are read again and again. */
function tablesOf(tasks: readonly Task[]): Pick<Network, 'ratios' | 'ratiosAt'> {
  const tables = [...new Set(tasks.map(({ ratios }) => ratios))]
  const startOf = new Map<Ratios, number>()
  let length = 0
  for (const table of tables) {
    startOf.set(table, length)
    length += table.length
  }
  const ratios = new Float64Array(length)
  for (const table of tables) ratios.set(table, startOf.get(table))
  return { ratios, ratiosAt: Int32Array.from(tasks, task => startOf.get(task.ratios) as number) }
}

function listsOf(lists: readonly (readonly number[])[]): Lists {
  const at = new Int32Array(lists.length + 1)
  for (const [index, list] of lists.entries()) at[index + 1] = (at[index] as number) + list.length
  return { at, items: Int32Array.from(lists.flat()) }
}
