import { instantAt, millisecondsOf } from '../model/instant.ts'
import { gateBefore, stages } from '../model/stage.ts'
import type { MessageKey } from '../model/text.ts'
import type { Formatter } from './formatter.ts'
import { clockSpan } from './lines.ts'
import type { Report } from './report.ts'
import { type StepRow, symbols } from './rows.ts'
import type { RunView } from './run-view.ts'

/** Positions are fractions of the chart's width, 0 to 1. */
export type BarKind = 'planned' | 'actual' | 'failed' | 'projected' | 'undone'
export type GanttBar = { kind: BarKind; from: number; to: number; label: string }
export type GanttRow = { label: string; bars: GanttBar[]; gateAt?: number }
export type Gantt = {
  title: string
  description: string
  ticks: { at: number; label: string }[]
  marks: { at: number; kind: 'now' | 'window-end'; label: string }[]
  rows: GanttRow[]
  legend: { kind: BarKind | 'gate'; label: string }[]
}

const barKeys: Record<BarKind, MessageKey> = {
  planned: 'views.gantt.planned',
  actual: 'views.gantt.actual',
  failed: 'views.gantt.failed',
  projected: 'views.gantt.projected',
  undone: 'views.gantt.undone',
}

export function ganttOf(report: Report, runView: RunView, formatter: Formatter): Gantt {
  const say = (key: MessageKey) => formatter.say({ key })
  const over = runView.run?.finishedAt !== undefined
  const { from, to } = extent(report, runView, over)
  const at = (instant: string) => Math.min(1, Math.max(0, (millisecondsOf(instant) - from) / (to - from)))
  const rows = ganttRows(report, at, over, formatter)
  const used = new Set<string>(rows.flatMap(row => row.bars.map(bar => bar.kind)))
  const kinds: BarKind[] = ['planned', 'actual', 'failed', 'projected', 'undone']
  const marks: Gantt['marks'] = []
  if (!over && runView.run) marks.push({ at: at(runView.now), kind: 'now', label: say('views.gantt.now') })
  const end = millisecondsOf(report.window.end)
  if (report.mode === 'live' && end >= from && end <= to)
    marks.push({ at: at(report.window.end), kind: 'window-end', label: say('views.gantt.windowEnd') })
  return {
    title: say('views.report.timeline'),
    description: formatter.say({
      key: 'views.gantt.description',
      values: {
        count: report.steps.length,
        from: formatter.clock(instantAt(from)),
        to: formatter.clock(instantAt(to)),
      },
    }),
    ticks: ticks(from, to).map(time => ({
      at: at(instantAt(time)),
      label: formatter.clock(instantAt(time)),
    })),
    marks,
    rows,
    legend: [
      ...kinds.filter(kind => used.has(kind)).map(kind => ({ kind, label: say(barKeys[kind]) })),
      ...(rows.some(row => row.gateAt !== undefined)
        ? [{ kind: 'gate' as const, label: say('views.gantt.gate') }]
        : []),
    ],
  }
}

/** From the first to the last instant drawn, with a little air; never empty. */
function extent(report: Report, runView: RunView, over: boolean): { from: number; to: number } {
  const instants = report.steps.flatMap(step => [
    step.plannedStart,
    step.plannedEnd,
    step.startedAt,
    step.endedAt,
    step.undo?.startedAt,
    step.undo?.endedAt,
    over ? undefined : step.projectedEnd,
  ])
  if (!over && runView.run) instants.push(runView.now)
  const times = instants.filter(instant => instant !== undefined).map(instant => millisecondsOf(instant))
  const from = times.length > 0 ? Math.min(...times) : millisecondsOf(report.window.start)
  const to = Math.max(from + 1000, ...times)
  return { from, to: to + (to - from) * 0.02 }
}

function ganttRows(
  report: Report,
  at: (instant: string) => number,
  over: boolean,
  formatter: Formatter,
): GanttRow[] {
  return stages.flatMap(({ id }) => [
    ...report.gates
      .filter(gate => gateBefore[gate.id] === id)
      .map((gate): GanttRow => {
        const opened = gate.openedAt === undefined ? {} : { gateAt: at(gate.openedAt) }
        return {
          label: `◆ ${formatter.say({ key: 'views.gate.name', values: { gate: gate.id } })}`,
          bars: [],
          ...opened,
        }
      }),
    ...report.steps
      .filter(step => step.stage === id)
      .map(step => ({
        label: `${symbols[step.state]} ${formatter.say(step.title)}`,
        bars: bars(step, at, over, formatter),
      })),
  ])
}

function bars(
  step: StepRow,
  at: (instant: string) => number,
  over: boolean,
  formatter: Formatter,
): GanttBar[] {
  const found: GanttBar[] = []
  const add = (kind: BarKind, from: string | undefined, to: string | undefined, seconds?: number) => {
    if (from === undefined || to === undefined) return
    const times = `${formatter.clock(from)} → ${formatter.clock(to)}`
    const label = `${formatter.say({ key: barKeys[kind] })} ${times}`
    found.push({
      kind,
      from: at(from),
      to: at(to),
      label: seconds === undefined ? label : `${label} (${clockSpan(seconds)})`,
    })
  }
  add('planned', step.plannedStart, step.plannedEnd, step.plannedSeconds)
  const failed = step.state === 'failed' || step.state === 'undo-failed'
  add(failed ? 'failed' : 'actual', step.startedAt, step.endedAt, step.actualSeconds)
  if (!over && step.startedAt && !step.endedAt) add('projected', step.startedAt, step.projectedEnd)
  add('undone', step.undo?.startedAt, step.undo?.endedAt)
  return found
}

const tickSeconds = [
  1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10800, 21600, 43200, 86400,
]

/** At most eight round instants inside the extent, in epoch milliseconds. */
export function ticks(from: number, to: number): number[] {
  const step = 1000 * (tickSeconds.find(seconds => (to - from) / 1000 / seconds <= 8) ?? (to - from) / 8000)
  const first = Math.ceil(from / step) * step
  return Array.from(
    { length: Math.max(0, Math.floor((to - first) / step) + 1) },
    (_, index) => first + index * step,
  )
}
