import { type Block, blocks, type StageState } from './blocks.ts'
import { gateLines } from './gate-lines.ts'
import { clockSpan, type Line, lateness, pad, padStart, span } from './lines.ts'
import { paceText } from './pace-text.ts'
import type { Picture } from './picture.ts'
import { isBehind, isUndone, type RowState, type StepRow, symbols } from './rows.ts'
import { secondsBetween } from './seconds.ts'
import { stateStyle } from './state-style.ts'
import { type Status, status } from './status.ts'
import type { Voice } from './voice.ts'

/** `all`: every step of every stage; else only those under way, and a line for each other stage. */
export type StatusOptions = { all?: boolean }

export function statusLines(picture: Picture, voice: Voice, options: StatusOptions = {}): Line[] {
  const view = status(picture, voice)
  return [
    ...headLines(picture, view, voice),
    [],
    ...(blocks(picture).some(block => shownSteps(block, options).length > 0) ? [columnLine(voice)] : []),
    ...stageLines(picture, voice, options).flatMap(stage => stage.lines),
    ...waitingLines(view, voice),
  ]
}

/** Heads the figures of the step lines. */
export function columnLine(voice: Voice): Line {
  const name = (column: string) => voice.say({ key: `views.column.${column}` })
  const figures = ['planned', 'actual'].map(column => padStart(name(column), 8))
  return [span(`${' '.repeat(18)}${figures.join('')}${padStart(name('late'), 9)}`, 'dim')]
}

export type StageLines = { lines: Line[]; active: 'runs' | 'waits' | 'no' }

/** The lines of each stage and gate, and whether something goes on there. */
export function stageLines(picture: Picture, voice: Voice, options: StatusOptions = {}): StageLines[] {
  return blocks(picture).map(block => ({
    lines: blockLines(block, picture, voice, options),
    active: activity(block),
  }))
}

function activity(block: Block): StageLines['active'] {
  if (block.type === 'gate') return ['ahead', 'open'].includes(block.gate.state) ? 'no' : 'waits'
  return ['running', 'failed', 'undoing'].includes(block.state) ? 'runs' : 'no'
}

export function headLines(picture: Picture, view: Status, voice: Voice): Line[] {
  const say = (key: string, values?: Record<string, string | number>) =>
    voice.say(values === undefined ? { key } : { key, values })
  const state = say(`views.state.${view.state}`)
  const head: Line = [
    span(say(`views.mode.${view.mode}`)),
    span('  '),
    span(state, stateStyle(view.state)),
    span('  '),
    span(picture.plan.title, 'strong'),
  ]
  const window = say(...windowText(view, voice))
  const finishKey = picture.run?.finishedAt ? 'views.finished' : 'views.projected'
  const figures: Line = [span(say(finishKey, { at: voice.clock(view.projectedFinish) }))]
  if (view.lastSafe) {
    const { at, leftSeconds, rollbackSeconds } = view.lastSafe
    const values = {
      at: voice.clock(at),
      left: clockSpan(leftSeconds),
      takes: voice.duration(rollbackSeconds),
    }
    const key = leftSeconds >= 0 ? 'views.lastSafe.left' : 'views.lastSafe.passed'
    figures.push(span('  '), span(say(key, values), leftSeconds < 600 ? 'bad' : undefined))
  }
  const timed = view.mode === 'live'
  const lostLine = ({ component, since, why }: Status['linesLost'][number]): Line => {
    const title = picture.plan.components[component]?.title ?? component
    return [span(say('views.lineLost', { title, since: voice.clock(since), why }), 'bad')]
  }
  return [
    head,
    [span(voice.moment(view.now), 'dim')],
    ...(timed ? [[span(window, view.window.leftSeconds < 0 ? 'bad' : undefined)]] : []),
    // a rollback is not in the forecast of the way forward
    ...(view.state === 'rolling-back' ? [] : [figures]),
    ...(picture.run?.outcome === undefined ? view.linesLost.map(lostLine) : []),
    ...(view.rollback && view.mode === 'live'
      ? [
          [
            span(
              say(picture.run?.outcome ? 'views.rolledBack' : 'views.rollback', {
                ...view.rollback,
                at: voice.clock(view.rollback.at),
              }),
              'bad',
            ),
          ],
        ]
      : []),
  ]
}

/** Before the window its start matters, in it what is left, after it by how much it is passed. */
function windowText(view: Status, voice: Voice): [string, Record<string, string>] {
  const { start, end, leftSeconds } = view.window
  const aheadSeconds = secondsBetween(view.now, start)
  const state = aheadSeconds > 0 ? 'ahead' : leftSeconds >= 0 ? 'left' : 'over'
  const values = {
    start: state === 'ahead' ? voice.moment(start) : voice.clock(start),
    end: voice.clock(end),
    left: state === 'ahead' ? voice.duration(aheadSeconds) : clockSpan(Math.abs(leftSeconds)),
  }
  return [`views.window.${state}`, values]
}

const stageSymbols: Record<StageState, string> = {
  waiting: '○',
  running: '▶',
  done: '✔',
  failed: '✖',
  undoing: '◀',
  undone: '↩',
}

function blockLines(block: Block, picture: Picture, voice: Voice, options: StatusOptions): Line[] {
  if (block.type === 'gate') return gateLines(block.gate, picture, voice, options)
  const { stage, state, steps, done } = block
  const word = voice.say({ key: `views.stageState.${state}` })
  const line: Line = [
    span(`${stageSymbols[state]} `, stateStyle(state)),
    span(pad(voice.say({ key: `views.stage.${stage}` }), 26), state === 'waiting' ? 'dim' : 'strong'),
    span(padStart(`${done}/${steps.length}`, 6)),
    span(`  ${pad(word, 12)}`, stateStyle(state)),
    span(`  ${stageTimes(steps, voice)}`, 'dim'),
  ]
  return [line, ...shownSteps(block, options).flatMap(step => stepLines(step, picture, voice))]
}

/** Those with a line of their own: what is behind or still ahead is told by its stage alone. */
function shownSteps(block: Block, { all }: StatusOptions): StepRow[] {
  if (block.type === 'gate') return []
  return block.steps.filter(step => all || !(isBehind(step.state) || isQuiet(step.state)))
}

const isQuiet = (state: RowState): boolean => state === 'waiting' || isUndone(state)

/** The real one, else the forecast end less what it is planned to last. */
function projectedStart({ startedAt, projectedEnd, plannedSeconds }: StepRow): string | undefined {
  if (startedAt !== undefined || projectedEnd === undefined) return startedAt
  return new Date(Date.parse(projectedEnd) - plannedSeconds * 1000).toISOString()
}

function stageTimes(steps: StepRow[], voice: Voice): string {
  const starts = steps.map(projectedStart).filter(time => time !== undefined)
  const ends = steps.map(step => step.endedAt ?? step.projectedEnd).filter(time => time !== undefined)
  const [start, end] = [starts.sort()[0], ends.sort().at(-1)]
  if (start === undefined || end === undefined) return ''
  return `${voice.clock(start)} → ${voice.clock(end)}`
}

/** Figures before the title: a narrow terminal cuts the title, never a figure. What it moves has a line of its own. */
function stepLines(step: StepRow, picture: Picture, voice: Voice): Line[] {
  const word = voice.say({ key: `views.step.${step.state}` })
  const undoing = step.state === 'undoing' && step.undo?.startedAt ? step.undo : undefined
  const planned = undoing?.plannedSeconds ?? step.plannedSeconds
  const actual = undoing?.startedAt ? secondsBetween(undoing.startedAt, picture.now) : step.actualSeconds
  const late = undoing ? undefined : step.lateSeconds
  const pace = step.state === 'running' || step.state === 'undoing' ? picture.paces?.[step.id] : undefined
  const attempt =
    step.attempt > 1 ? voice.say({ key: 'views.attempt', values: { number: step.attempt } }) : ''
  const line: Line = [
    span(`  ${symbols[step.state]} ${pad(word, 14)}`, stateStyle(step.state)),
    span(padStart(clockSpan(planned), 8), 'dim'),
    span(padStart(actual === undefined ? '' : clockSpan(actual), 8)),
    span(padStart(lateness(late), 9), (late ?? 0) > 1 ? 'warn' : 'dim'),
    span(`  ${voice.say(step.title)}`),
    span(attempt ? `  ${attempt}` : '', 'warn'),
  ]
  const moving = pace ? paceText(pace, picture.now, voice) : ''
  return moving ? [line, [span(`${' '.repeat(45)}${moving}`, 'active')]] : [line]
}

/** What waits on people, with the exact commands to type. */
export function waitingLines(view: Pick<Status, 'waiting'>, voice: Voice): Line[] {
  if (view.waiting.length === 0) return []
  return [
    [],
    [span(voice.say({ key: 'views.waiting.title' }), 'strong')],
    ...view.waiting.flatMap((wait): Line[] => [
      [span('◆ ', 'warn'), span(wait.text)],
      ...(wait.remedy === undefined ? [] : [[span('    → ', 'active'), span(wait.remedy)]]),
      ...wait.commands.map((command): Line => [span('    '), span(command, 'active')]),
    ]),
  ]
}
