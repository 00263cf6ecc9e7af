import {
  fileStaysCorrupt,
  linkDown,
  linkRate,
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
}

const shortWindow = `window: {length: 2 min, rollbackReserve: 15 s}
rollback: {margin: 5 s}
`

export const faults = {
  'promote-fails': { when: 'before-go', cause: promotionHangs },
  'service-wont-start': { when: 'before-go', cause: async lab => serviceWontStart(lab) },
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
export const faultNamed = (name: FaultName | undefined): Fault | undefined => name && faults[name]
