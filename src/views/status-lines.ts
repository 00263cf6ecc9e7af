import { instantAt, millisecondsOf, secondsBetween } from '../model/instant.ts'
import type { MessageKey } from '../model/text.ts'
import { exhausted } from '../run/decide.ts'
import { peopleLines } from './author.ts'
import { finishLine, lastSafeLine, windowLine } from './clock-lines.ts'
import { delayLines } from './delays.ts'
import type { Formatter } from './formatter.ts'
import { gateLines } from './gate-lines.ts'
import { type GivenUpView, givenUpText } from './given-up.ts'
import { leftOutText } from './left-out.ts'
import { clockSpan, type Line, lateness, pad, padStart, span } from './lines.ts'
import { returnPathLines } from './return-paths.ts'
import { isComplete, isUndone, type RowState, type StepRow, symbols } from './rows.ts'
import type { RunView } from './run-view.ts'
import { type StageOrGate, type StageState, stagesAndGates } from './stages-and-gates.ts'
import { stateStyle } from './state-style.ts'
import { type Status, status } from './status.ts'
import { stepProgressText } from './step-progress-text.ts'
import type { Proposal } from './waiting.ts'
import { modeKeys, stageKeys, stageStateKeys, stateKeys, stepKeys, triggerKeys } from './words.ts'

/** How a front end has people act on what is proposed: the command line has them type this. */
export type Typed = (proposal: Proposal) => string
/** `all`: every step of every stage; else only those under way, and a line for each other stage. */
export type StatusOptions = Shown & { typed: Typed }
type Shown = { all?: boolean }

export function statusLines(runView: RunView, formatter: Formatter, options: StatusOptions): Line[] {
  const view = status(runView, formatter)
  return [
    ...headLines(runView, view, formatter),
    ...returnPathLines(view.returnPaths, formatter, options.typed({ do: 'watch' })),
    [],
    ...(stagesAndGates(runView).some(part => shownSteps(part, options).length > 0)
      ? [columnLine(formatter)]
      : []),
    ...stageLines(runView, formatter, options).flatMap(stage => stage.lines),
    ...waitingLines(view, formatter, options.typed),
  ]
}

/** Heads the figures of the step lines. */
export function columnLine(formatter: Formatter): Line {
  const name = (key: MessageKey) => formatter.say({ key })
  const figures = (['views.column.planned', 'views.column.actual'] as const).map(column =>
    padStart(name(column), 8),
  )
  return [span(`${' '.repeat(18)}${figures.join('')}${padStart(name('views.column.late'), 9)}`, 'dim')]
}

export type StageLines = { lines: Line[]; active: 'runs' | 'waits' | 'no' }

/** The lines of each stage and gate, and whether something goes on there. */
export function stageLines(runView: RunView, formatter: Formatter, options: Shown = {}): StageLines[] {
  return stagesAndGates(runView).map(part => ({
    lines: partLines(part, runView, formatter, options),
    active: activity(part),
  }))
}

function activity(part: StageOrGate): StageLines['active'] {
  if (part.type === 'gate') return ['ahead', 'open', 'not-passed'].includes(part.gate.state) ? 'no' : 'waits'
  return ['running', 'failed', 'undoing'].includes(part.state) ? 'runs' : 'no'
}

export function headLines(runView: RunView, view: Status, formatter: Formatter): Line[] {
  const say = (key: MessageKey, values?: Record<string, string | number>) =>
    formatter.say(values === undefined ? { key } : { key, values })
  const state = say(stateKeys[view.state])
  const head: Line = [
    span(say(modeKeys[view.mode])),
    span('  '),
    span(state, stateStyle(view.state)),
    span('  '),
    span(runView.plan.title, 'strong'),
  ]
  const timed = view.mode === 'live'
  const lostLine = ({ component, since, why }: Status['linesLost'][number]): Line => {
    const title = runView.plan.components[component]?.title ?? component
    return [span(say('views.lineLost', { title, since: formatter.clock(since), why }), 'bad')]
  }
  return [
    head,
    [span(formatter.moment(view.now), 'dim')],
    ...(timed ? [windowLine(view, formatter)] : []),
    // a rollback is not in the forecast of the way forward
    ...(view.state === 'rolling-back' ? [] : [finishLine(runView, view, formatter)]),
    ...(runView.run ? delayLines(view.delays, runView, formatter) : []),
    ...(view.lastSafe ? [lastSafeLine(view.lastSafe, formatter)] : []),
    ...(view.givenUp ? givenUpLines(view.givenUp, formatter) : []),
    ...(runView.run?.outcome === undefined ? view.linesLost.map(lostLine) : []),
    ...failedBeside(runView, formatter),
    ...view.leftOut.map(row => [span(leftOutText(row, runView, formatter), 'warn')]),
    ...(timed ? peopleLines(runView.run, view, formatter) : []),
    ...view.copiesLost.map(
      ({ host, since, why }): Line => [
        span(say('views.copyLost', { host, since: formatter.clock(since), why }), 'warn'),
      ],
    ),
    ...(view.rollback && view.mode === 'live'
      ? [
          [
            span(
              say(runView.run?.outcome ? 'views.rolledBack' : 'views.rollback', {
                ...view.rollback,
                trigger: formatter.say({ key: triggerKeys[view.rollback.trigger] }),
                at: formatter.clock(view.rollback.at),
              }),
              'bad',
            ),
          ],
        ]
      : []),
  ]
}

/** What stops no run is seen nowhere else once the run has ended. */
function failedBeside({ run, runbook }: RunView, formatter: Formatter): Line[] {
  if (run === undefined || run.rollback !== undefined) return []
  const failed = runbook.steps.filter(step => step.beside && exhausted(step, run))
  return failed.map(({ id, title }): Line => {
    const why = run.steps[id]?.failure?.text
    const values = { step: formatter.say(title), why: why ? formatter.say(why) : '' }
    return [span(formatter.say({ key: 'views.failedBeside', values }), 'bad')]
  })
}

function givenUpLines(givenUp: GivenUpView, formatter: Formatter): Line[] {
  const lost = givenUp.loses.flatMap(({ text }) => text)
  return [
    [span(givenUpText(givenUp, formatter), 'bad')],
    ...lost.map((text): Line => [span(`  ${text}`, 'bad')]),
  ]
}

const stageSymbols: Record<StageState, string> = {
  waiting: '○',
  'not-executed': '−',
  running: '▶',
  done: '✔',
  failed: '✖',
  undoing: '◀',
  undone: '↩',
}

function partLines(part: StageOrGate, runView: RunView, formatter: Formatter, options: Shown): Line[] {
  if (part.type === 'gate') return gateLines(part.gate, runView, formatter, options)
  const { stage, state, steps, done } = part
  const word = formatter.say({ key: stageStateKeys[state] })
  const line: Line = [
    span(`${stageSymbols[state]} `, stateStyle(state)),
    span(
      pad(formatter.say({ key: stageKeys[stage] }), 28),
      ['waiting', 'not-executed'].includes(state) ? 'dim' : 'strong',
    ),
    span(padStart(`${done}/${steps.length}`, 6)),
    span(`  ${pad(word, 12)}`, stateStyle(state)),
    span(`  ${stageTimes(steps, formatter)}`, 'dim'),
  ]
  return [line, ...shownSteps(part, options).flatMap(step => stepLines(step, runView, formatter))]
}

/** Those with a line of their own: what is behind or still ahead is told by its stage alone. */
function shownSteps(part: StageOrGate, { all }: Shown): StepRow[] {
  if (part.type === 'gate') return []
  return part.steps.filter(step => all || !(isComplete(step.state) || isQuiet(step.state)))
}

const isQuiet = (state: RowState): boolean => ['waiting', 'not-executed'].includes(state) || isUndone(state)

/** The real one, else the forecast end less what it is planned to last. */
function projectedStart({ startedAt, projectedEnd, plannedSeconds }: StepRow): string | undefined {
  if (startedAt !== undefined || projectedEnd === undefined) return startedAt
  return instantAt(millisecondsOf(projectedEnd) - plannedSeconds * 1000)
}

function stageTimes(steps: StepRow[], formatter: Formatter): string {
  const starts = steps.map(projectedStart).filter(time => time !== undefined)
  const ends = steps.map(step => step.endedAt ?? step.projectedEnd).filter(time => time !== undefined)
  const [start, end] = [starts.sort()[0], ends.sort().at(-1)]
  if (start === undefined || end === undefined) return ''
  return `${formatter.clock(start)} → ${formatter.clock(end)}`
}

/** Figures before the title: a narrow terminal cuts the title, never a figure. What it moves has a line of its own. */
function stepLines(step: StepRow, runView: RunView, formatter: Formatter): Line[] {
  const word = formatter.say({ key: stepKeys[step.state] })
  const undoing = step.state === 'undoing' && step.undo?.startedAt ? step.undo : undefined
  const planned = undoing?.plannedSeconds ?? step.plannedSeconds
  const actual = undoing?.startedAt ? secondsBetween(undoing.startedAt, runView.now) : step.actualSeconds
  const late = undoing ? undefined : step.lateSeconds
  const stepProgress =
    step.state === 'running' || step.state === 'undoing' ? runView.progress?.[step.id] : undefined
  const attempt =
    step.attempt > 1 ? formatter.say({ key: 'views.attempt', values: { number: step.attempt } }) : ''
  const line: Line = [
    span(`  ${symbols[step.state]} ${pad(word, 14)}`, stateStyle(step.state)),
    span(padStart(clockSpan(planned), 8), 'dim'),
    span(padStart(actual === undefined ? '' : clockSpan(actual), 8)),
    span(padStart(lateness(late), 9), (late ?? 0) > 1 ? 'warn' : 'dim'),
    span(`  ${formatter.say(step.title)}`),
    span(attempt ? `  ${attempt}` : '', 'warn'),
  ]
  const moving = stepProgress ? stepProgressText(stepProgress, runView.now, formatter) : ''
  return moving ? [line, [span(`${' '.repeat(45)}${moving}`, 'active')]] : [line]
}

/** What waits on people, with the exact commands to type. */
export function waitingLines(view: Pick<Status, 'waiting'>, formatter: Formatter, typed: Typed): Line[] {
  if (view.waiting.length === 0) return []
  return [
    [],
    [span(formatter.say({ key: 'views.waiting.title' }), 'strong')],
    ...view.waiting.flatMap((wait): Line[] => [
      [span('◆ ', 'warn'), span(wait.text)],
      ...(wait.warning === undefined ? [] : [[span('    ! ', 'warn'), span(wait.warning)]]),
      ...(wait.remedy === undefined ? [] : [[span('    → ', 'active'), span(wait.remedy)]]),
      ...wait.orders.map((order): Line => [span('    '), span(typed(order), 'active')]),
    ]),
  ]
}
