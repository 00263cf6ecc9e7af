import {
  fileStaysCorrupt,
  linkDown,
  linkRate,
  machineWontStart,
  promotionHangs,
  rowsDiffer,
  serviceWontStart,
} from '../faults/faults.ts'
import type { Lab } from '../types.ts'
import { burdenLink, touchRow } from './burden.ts'

/** What goes wrong on purpose, when, and which decision people take. */
export type Fault = {
  /** `before-go`: the checks of the gate `go` have ended, and GO is said only after it. `after-go`: as the cut begins. */
  when: 'before-go' | 'after-go'
  cause?: (lab: Lab) => Promise<unknown>
  /** A role that says NO-GO instead of GO, at this gate. */
  refuses?: { gate: 'reopen'; role: string; note: string }
  /** Laid over the plan for this night: a window short enough to be overrun in a demo. */
  overlay?: string
  needsMachines?: boolean
}

const shortWindow = `window: {length: 2 min, rollbackReserve: 15 s}
rollback: {margin: 5 s}
`

/** Each of three attempts waits for a service that will not come. */
const impatient = `components: {auth: {startSeconds: 20}}
`

export const faults = {
  'promote-fails': { when: 'before-go', cause: promotionHangs },
  'service-wont-start': {
    when: 'before-go',
    cause: lab => serviceWontStart(lab),
    overlay: impatient,
  },
  'machine-wont-start': {
    when: 'before-go',
    cause: async lab => machineWontStart(lab),
    needsMachines: true,
  },
  'rows-differ': {
    when: 'before-go',
    cause: async lab => rowsDiffer(lab, await touchRow(lab)),
  },
  'file-corrupt': { when: 'before-go', cause: fileStaysCorrupt },
  overrun: {
    when: 'after-go',
    cause: async lab => {
      await linkRate(lab, 1)
      await burdenLink(lab)
    },
    overlay: shortWindow,
  },
  'link-down': { when: 'after-go', cause: linkDown },
  'no-go': {
    when: 'before-go',
    refuses: { gate: 'reopen', role: 'tester', note: 'two courses open without their video' },
  },
} satisfies Record<string, Fault>

export type FaultName = keyof typeof faults
export const faultNames = Object.keys(faults) as FaultName[]
/** Those that can happen in a laboratory without machines. */
export const plainFaultNames = faultNames.filter(name => !(faults[name] as Fault).needsMachines)
export const faultNamed = (name: FaultName | undefined): Fault | undefined => name && faults[name]
