import { exitCodes } from '../../src/model/failure.ts'
import type { Trigger } from '../../src/model/step.ts'
import {
  fileStaysCorrupt,
  linkDown,
  linkRate,
  machineWontStart,
  promotionHangs,
  recordChangedByHand,
  recordPutBack,
  rowsDiffer,
  serviceWontStart,
} from '../faults/faults.ts'
import { demoTtlSeconds } from '../topology.ts'
import type { Lab } from '../types.ts'
import { type LineTrouble, lineTrouble } from './line-trouble.ts'
import { overloadLink, touchRow } from './overload-link.ts'
import { returnPathBreaks } from './return-path-breaks.ts'
import { sourceDies } from './source-dies.ts'
import type { Stage } from './stage.ts'
import { targetAnswers, targetDies, targetDiesEarly } from './target-dies.ts'
import type { DemoVerdict } from './verdict.ts'

/** What goes wrong on purpose, when, and which decision people take. */
export type Fault = {
  /** `before-go`: the checks of the gate `go` have ended, and GO is said only after it. `after-go`: as the cut begins. */
  when: 'before-go' | 'after-go'
  cause?: (lab: Lab, night: { stateDirectory: string }) => Promise<unknown>
  /** When the estate has moved and users work at the target: what goes wrong, and what people do. Gives the exit code at the end. */
  afterMove?: (stage: Stage) => Promise<number>
  /** The people of the gates do not wait for it: it goes on beside the night, and its failure fails the night. */
  beside?: true
  /** What must not be judged, for nobody could have kept it: by its name in the verdict. */
  excuses?: readonly string[]
  /** When the night is over: what people would do before they look at what it came to. */
  mend?: (lab: Lab) => Promise<unknown>
  /** Why the night is undone; absent when it is not. */
  trigger?: Trigger
  /** What only this fault does to a night. Left out: nothing more is asked than of any night. */
  leaves?: (verdict: DemoVerdict) => boolean
  /** The night's exit code. Left out: it is undone. */
  endsWith?: number
  /** A role that says NO-GO instead of GO, at this gate. */
  refuses?: {
    gate: 'reopen'
    role: string
    note: string
    /** Only once the run is held, and with a GO of the same role right behind it. */
    inHold?: true
  }
  /** Laid over the plan for this night: a window short enough to be overrun in a demo. */
  overlay?: string
  /** The same where machines move too, which takes longer. */
  machinesOverlay?: string
  needsMachines?: boolean
}

/** Long enough for preflight, too short for a burden that takes five minutes on its way. */
const shortWindow = (minutes: number): string => `window: {length: ${minutes} min, rollbackReserve: 15 s}
rollback: {margin: 5 s}
`

/** Each of three attempts waits for a service that will not come. */
const impatient = `components: {auth: {startSeconds: 20}}
`

/** The line comes back; on a busy machine not at once. */
const patient = `rollback: {lineLost: 2 min}
`

/** The files that came late are on their way when the fibre of Toulouse is cut. */
const nightsTrouble: LineTrouble = { mode: 'live', step: 'files.final-delta' }

const isDone = (steps: DemoVerdict['steps'], step: string): boolean =>
  steps.some(({ id, outcome }) => id === step && outcome === 'done')

export const faults = {
  'promote-fails': { when: 'before-go', trigger: 'R1', cause: lab => promotionHangs(lab) },
  'service-wont-start': {
    when: 'before-go',
    trigger: 'R2',
    cause: lab => serviceWontStart(lab),
    overlay: impatient,
  },
  'machine-wont-start': {
    when: 'before-go',
    trigger: 'R2',
    cause: async lab => machineWontStart(lab),
    needsMachines: true,
  },
  'rows-differ': {
    when: 'before-go',
    trigger: 'R3',
    cause: async lab => rowsDiffer(lab, await touchRow(lab)),
  },
  'file-corrupt': { when: 'before-go', trigger: 'R3', cause: lab => fileStaysCorrupt(lab) },
  overrun: {
    when: 'after-go',
    trigger: 'R4',
    cause: async lab => {
      await linkRate(lab, 1)
      await overloadLink(lab)
    },
    overlay: shortWindow(3),
    machinesOverlay: shortWindow(5),
  },
  'link-down': {
    when: 'after-go',
    trigger: 'R4',
    cause: lab => linkDown(lab),
    leaves: ({ linesLost }) => linesLost.at(-1)?.seconds === null,
  },
  // After the last look at the zone: only the update itself can notice.
  'record-changed-by-hand': {
    when: 'after-go',
    cause: lab => recordChangedByHand(lab, 'mail'),
    // The TTL that the records of a demo have: a longer one would be waited out by the next preparation.
    mend: lab => recordPutBack(lab, 'mail', demoTtlSeconds),
    trigger: 'failure',
    leaves: ({ steps }) => !isDone(steps, 'names.switch'),
  },
  'line-lost-in-night': {
    when: 'after-go',
    cause: (lab, { stateDirectory }) => lineTrouble(lab, stateDirectory, nightsTrouble),
    leaves: ({ linesLost }) =>
      linesLost.some(({ seconds, paused }) => seconds !== null && paused.includes(nightsTrouble.step)),
    endsWith: exitCodes.ok,
    overlay: patient,
  },
  'way-back-breaks': {
    when: 'after-go',
    afterMove: returnPathBreaks,
    trigger: 'order',
    leaves: ({ returnPaths }) =>
      returnPaths.some(
        ({ seen, repairs }) =>
          seen.join(' ') === 'good broken good' && repairs.some(({ how }) => how === 'copied'),
      ),
  },
  // Those who keep old addresses were forwarded by a gateway that is dead: nothing can help them.
  'source-dies': {
    when: 'after-go',
    beside: true,
    cause: (lab, { stateDirectory }) => sourceDies(lab, stateDirectory),
    excuses: ['stubborn', 'forwarder', 'vpn'],
    leaves: ({ noWayBackSince, steps, vpn }) =>
      noWayBackSince !== null &&
      steps.some(({ id, outcome }) => id === 'database.reverse' && outcome === 'passed-over') &&
      vpn.trainers.every(({ withoutTunnel, after }) => withoutTunnel === 0 && after?.failed === 0),
    endsWith: exitCodes.ok,
  },
  'target-dies': {
    when: 'after-go',
    afterMove: targetDies,
    mend: targetAnswers,
    // a session opened at a site that died went with it, and so does the dashboard until the source serves again
    excuses: ['sessions', 'vpn'],
    trigger: 'order',
    leaves: ({ givenUp, vpn }) =>
      givenUp?.side === 'target' &&
      givenUp.by.length === 2 &&
      vpn.trainers.every(({ withoutTunnel, after }) => withoutTunnel === 0 && (after?.reached ?? 0) > 0),
  },
  'target-dies-early': {
    when: 'after-go',
    cause: targetDiesEarly,
    mend: targetAnswers,
    trigger: 'R4',
    leaves: ({ givenUp }) => givenUp !== null && givenUp.by.length === 0,
    overlay: `rollback: {lineLost: 20 s}
`,
  },
  'no-go': {
    when: 'before-go',
    trigger: 'no-go',
    refuses: { gate: 'reopen', role: 'tester', note: 'two courses open without their video' },
  },
  'no-go-in-hold': {
    when: 'before-go',
    trigger: 'no-go',
    refuses: { gate: 'reopen', role: 'tester', note: 'course 12 does not open', inHold: true },
    leaves: ({ orders }) => /hold (go )*no-go go:refused/.test(orders.join(' ')),
  },
} satisfies Record<string, Fault>

export type NightFaultName = keyof typeof faults
export const nightFaultNames = Object.keys(faults) as NightFaultName[]
/** Those whose night is undone and that can happen in a laboratory without machines. */
export const plainFaultNames = nightFaultNames.filter(name => {
  const { needsMachines, endsWith } = faults[name] as Fault
  return !needsMachines && endsWith === undefined
})
export const nightFaultNamed = (name: string | undefined): Fault | undefined =>
  nightFaultNames.includes(name as NightFaultName) ? faults[name as NightFaultName] : undefined
export const overlayOf = (fault: Pick<Fault, 'overlay' | 'machinesOverlay'>, machines: boolean) =>
  (machines ? fault.machinesOverlay : undefined) ?? fault.overlay
/** Whether the night came to what this fault is for, and not to its end in some other way. */
export const isAsMeant = ({ trigger, leaves }: Fault, verdict: DemoVerdict): boolean =>
  verdict.trigger === (trigger ?? null) && (leaves?.(verdict) ?? true)
