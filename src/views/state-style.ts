import type { Style } from './lines.ts'

const good = ['done', 'found-done', 'passed', 'open', 'go', 'moved', 'prepared', 'rehearsed', 'closed']
const bad = ['failed', 'undo-failed', 'blocked', 'refused', 'no-go', 'rollback-failed']
const warn = [
  'undone',
  'undoing',
  'undone-by-hand',
  'undo-skipped',
  'rolled-back',
  'rolled-back-by-hand',
  'rolling-back',
  'held',
  'line-lost',
  'paused',
  'interrupted',
  'undo-interrupted',
  'undo-passed-over',
  'site-given-up',
]
/** How a state is painted. Its symbol and its word say the same without colour. */
export function stateStyle(state: string): Style {
  if (good.includes(state)) return 'good'
  if (bad.includes(state)) return 'bad'
  if (warn.includes(state) || state === 'by-hand' || state === 'skipped') return 'warn'
  return state === 'running' || state === 'waiting' || state === 'checking' ? 'active' : 'dim'
}
