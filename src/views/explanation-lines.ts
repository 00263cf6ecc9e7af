import type { TouchedSide } from '../model/step.ts'
import type { MessageKey, Text } from '../model/text.ts'
import type { KeptCall, KeptPart, KeptStep } from '../run/kept-calls.ts'
import { undoTouches } from '../run/sides.ts'
import { commandOf, oneLine } from './call-lines.ts'
import type { Explanation, Took } from './explanation.ts'
import type { Formatter } from './formatter.ts'
import { columns, type Line, pad, span } from './lines.ts'
import { named } from './waiting.ts'
import { modeKeys, stageKeys, triggerKeys } from './words.ts'

type Say = Pick<Formatter, 'say'>
type Row = [label: MessageKey, value: string]

/** What a step is, then what it did at the hosts when it ran last. `scripts`: with the texts of the scripts that it used. */
export function explanationLines(explained: Explanation, formatter: Formatter, scripts: boolean): Line[] {
  const { step, kept } = explained
  const rows = [...rowsOf(explained, formatter), ...undoRows(explained, formatter)]
  const labels = rows.map(([label]) => formatter.say({ key: label }))
  const width = Math.max(...labels.map(columns))
  return [
    [span(step.id, 'strong'), span(`  ${formatter.say(step.title)}`)],
    ...rows.map(
      ([, value], index): Line => [span(`  ${pad(labels[index] ?? '', width)}  `, 'dim'), span(value)],
    ),
    [],
    ...keptLines(kept, formatter),
    ...(scripts ? scriptLines(kept) : []),
  ]
}

function rowsOf({ plan, runbook, step, took }: Explanation, formatter: Formatter): Row[] {
  const { say } = formatter
  const component = plan.components[step.component]
  const [seconds, within] = [step.expectedSeconds, step.deadlineSeconds].map(formatter.duration)
  const backoff = formatter.duration(step.backoffSeconds)
  const { attempts } = step
  return [
    ['views.explain.component', `${step.component}: ${component?.title ?? ''}`],
    ['views.explain.owner', named(step.owner, { plan })],
    [
      'views.explain.when',
      say({
        key: 'views.explain.stage',
        values: { mode: say({ key: modeKeys[runbook.mode] }), stage: say({ key: stageKeys[step.stage] }) },
      }),
    ],
    ['views.explain.after', step.after.join(', ') || say({ key: 'views.explain.nothing' })],
    ['views.explain.changes', sidesOf(step.touches ?? [], plan.sites, formatter)],
    ['views.explain.takes', say({ key: 'views.explain.expected', values: { seconds: seconds ?? '' } })],
    ...tookRows(took, formatter),
    [
      'views.explain.limit',
      say({ key: 'views.explain.attempts', values: { within: within ?? '', count: attempts, backoff } }),
    ],
    [
      'views.explain.fails',
      say({
        key: step.beside ? 'views.explain.besideFails' : 'views.explain.trigger',
        values: { trigger: say({ key: triggerKeys[step.trigger] }) },
      }),
    ],
  ]
}

function undoRows({ plan, step, undoTook }: Explanation, formatter: Formatter): Row[] {
  const { say } = formatter
  const { undo } = step
  if (!undo.possible) {
    return [['views.explain.undo', say({ key: 'views.explain.noUndo', values: { why: undo.why } })]]
  }
  const values = {
    seconds: formatter.duration(undo.expectedSeconds),
    within: formatter.duration(undo.deadlineSeconds),
    sides: sidesOf(undoTouches(step), plan.sites, formatter),
  }
  return [
    ['views.explain.undo', say({ key: 'views.explain.undoable', values })],
    ...tookRows(undoTook, formatter),
    ['views.explain.byHand', say(undo.byHand)],
  ]
}

/** The latest are enough to see what it takes. */
const mostMeasured = 5

const tookRows = (took: readonly Took[], formatter: Formatter): Row[] =>
  took.length === 0
    ? []
    : [
        [
          'views.explain.measured',
          took
            .slice(-mostMeasured)
            .map(({ run, at, seconds }) => {
              const values = {
                run,
                day: formatter.date(at),
                seconds: formatter.duration(Math.round(seconds)),
              }
              return formatter.say({ key: 'views.explain.took', values })
            })
            .join(', '),
        ],
      ]

const sideKeys = {
  source: 'views.explain.side.source',
  target: 'views.explain.side.target',
  shared: 'views.explain.side.shared',
  outside: 'views.explain.side.outside',
  replication: 'views.explain.side.replication',
} as const satisfies Record<TouchedSide, MessageKey>

function sidesOf(touched: readonly TouchedSide[], sites: Explanation['plan']['sites'], { say }: Say): string {
  if (touched.length === 0) return say({ key: 'views.explain.nothing' })
  return touched
    .map(side => {
      const { title: site } = side === 'target' ? sites.target : sites.source
      return say({ key: sideKeys[side], values: { site } })
    })
    .join(', ')
}

/** What a step and its undo did last, or that they have not run. */
export function keptLines({ apply, undo }: KeptStep, formatter: Formatter): Line[] {
  if (apply === undefined && undo === undefined)
    return [[span(formatter.say({ key: 'views.explain.neverRan' }), 'warn')]]
  return [
    ...(apply ? partLines('views.explain.commands', apply, formatter) : []),
    ...(undo ? partLines('views.explain.undoCommands', undo, formatter) : []),
  ]
}

function partLines(head: MessageKey, part: KeptPart, formatter: Formatter): Line[] {
  const { run, mode, begun, well, calls, left } = part
  const values = { run, mode: formatter.say({ key: modeKeys[mode] }), at: formatter.moment(begun) }
  return [
    [
      span(formatter.say({ key: head, values }), 'strong'),
      ...(well ? [] : [span(` (${formatter.say({ key: 'views.explain.notWell' })})`, 'warn')]),
    ],
    ...calls.map(call => keptLine(call, formatter)),
    ...(left === 0
      ? []
      : [[span(`  … ${formatter.say({ key: 'views.explain.left', values: { count: left } })}`, 'dim')]]),
  ]
}

/** What only reads is dimmed, and what changes something is marked. */
function keptLine(call: KeptCall, formatter: Formatter): Line {
  const isChange = call.does === 'change'
  return [
    span(isChange ? '  ● ' : '  ○ ', isChange ? 'active' : 'dim'),
    span(shortened(oneLine(commandOf(call))), isChange ? undefined : 'dim'),
    span(`  ${call.times > 1 ? `× ${call.times}, ` : ''}${formatter.say(endOf(call, formatter))}`, 'dim'),
  ]
}

function endOf({ exitCode, failed, seconds }: KeptCall, formatter: Formatter): Text {
  const end: Text | undefined = failed
    ? { key: 'views.explain.callFailed' }
    : exitCode === undefined
      ? undefined
      : { key: 'views.call.exited', values: { code: exitCode } }
  const figure = formatter.number(Math.round(seconds * 100) / 100)
  if (end === undefined) return { key: 'views.explain.seconds', values: { seconds: figure } }
  return { key: 'views.call.end', values: { end, seconds: figure } }
}

/** Characters of a command that are shown: statements that compare a table are thousands long. JSON has all of them. */
const mostCharacters = 300

const shortened = (text: string): string => {
  const characters = [...text]
  if (characters.length <= mostCharacters) return text
  return `${characters.slice(0, mostCharacters).join('')}… (+${characters.length - mostCharacters})`
}

function scriptLines(kept: KeptStep): Line[] {
  const scripts = { ...kept.apply?.scripts, ...kept.undo?.scripts }
  return Object.entries(scripts).flatMap(([name, text]): Line[] => [
    [],
    [span(name, 'strong')],
    ...text
      .trimEnd()
      .split('\n')
      .map((line): Line => [span(`  ${line}`)]),
  ])
}
