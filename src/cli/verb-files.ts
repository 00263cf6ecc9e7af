import type { Verb } from './verb.ts'

/** Every verb by its name, in the order in which help shows them. Each is loaded when it is typed: most of them need half of the program. */
export const verbFiles: Record<string, () => Promise<Verb>> = {
  init: async () => (await import('./init.ts')).init,
  doctor: async () => (await import('./doctor.ts')).doctor,
  discover: async () => (await import('./discover.ts')).discover,
  check: async () => (await import('./check.ts')).check,
  calendar: async () => (await import('./calendar.ts')).calendar,
  audit: async () => (await import('./audit.ts')).audit,
  plan: async () => (await import('./plan.ts')).plan,
  explain: async () => (await import('./explain.ts')).explain,
  preflight: async () => (await import('./preflight.ts')).preflight,
  replicate: async () => (await import('./run.ts')).replicate,
  rehearse: async () => (await import('./run.ts')).rehearse,
  run: async () => (await import('./run.ts')).run,
  resume: async () => (await import('./resume.ts')).resume,
  takeover: async () => (await import('./takeover.ts')).takeover,
  verify: async () => (await import('./verify.ts')).verify,
  rollback: async () => (await import('./rollback.ts')).rollback,
  'repair-return-path': async () => (await import('./repair-return-path.ts')).repairReturnPath,
  close: async () => (await import('./close.ts')).close,
  go: async () => (await import('./sign-off.ts')).go,
  'no-go': async () => (await import('./sign-off.ts')).noGo,
  hold: async () => (await import('./hold.ts')).hold,
  'go-on': async () => (await import('./go-on.ts')).goOn,
  countersign: async () => (await import('./countersign.ts')).countersign,
  done: async () => (await import('./step-orders.ts')).done,
  retry: async () => (await import('./step-orders.ts')).retry,
  skip: async () => (await import('./step-orders.ts')).skip,
  'leave-out': async () => (await import('./step-orders.ts')).leaveOut,
  status: async () => (await import('./status.ts')).status,
  serve: async () => (await import('./serve.ts')).serve,
  watch: async () => (await import('./watch.ts')).watch,
  report: async () => (await import('./report.ts')).report,
  analyse: async () => (await import('./analyse.ts')).analyse,
  journal: async () => (await import('./journal.ts')).journal,
  lab: async () => (await import('./lab.ts')).lab,
  completion: async () => (await import('./completion.ts')).completion,
}

export const loadVerbs = (names: readonly string[] = Object.keys(verbFiles)): Promise<Verb[]> =>
  Promise.all(Object.entries(verbFiles).flatMap(([name, load]) => (names.includes(name) ? [load()] : [])))

const asksForAll: readonly string[] = ['help', '-h', '--help', 'complete', 'completion']

/**
 * Those that a command line may mean: each that is named in it, be it as the value of an option; all where help or completion may
 * list them, or where none is named, so that an unknown one is told.
 */
export function verbsIn(argv: readonly string[]): string[] {
  const names = Object.keys(verbFiles)
  const named = names.filter(name => argv.includes(name))
  const isFirst = named.includes(argv[0] ?? '') && argv[0] !== 'completion'
  if (!isFirst && argv.some(word => asksForAll.includes(word))) return names
  const isVersion = argv.every(word => word === '-V' || word === '--version')
  return named.length > 0 || (isVersion && argv.length > 0) ? named : names
}
