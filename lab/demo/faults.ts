import type { Run } from '../../src/model/run.ts'
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
  /** Done once the run looks like this; GO at the gate `go` is only said after it. */
  when: (run: Run) => boolean
  cause?: (lab: Lab) => Promise<unknown>
  /** A role that says NO-GO instead of GO, at this gate. */
  refuses?: { gate: 'reopen'; role: string; note: string }
  /** Laid over the plan for this night: a window short enough to be overrun in a demo. */
  overlay?: string
}

const beforeTheCut = (run: Run): boolean => run.gates.go !== undefined

const shortWindow = `window: {length: 2 min, rollbackReserve: 15 s}
rollback: {margin: 5 s}
`

export const faults = {
  'promote-fails': { when: beforeTheCut, cause: promotionHangs },
  'service-wont-start': { when: beforeTheCut, cause: async lab => serviceWontStart(lab) },
  'rows-differ': {
    when: beforeTheCut,
    cause: async lab => rowsDiffer(lab, await touchRow(lab)),
  },
  'file-corrupt': { when: beforeTheCut, cause: fileStaysCorrupt },
  overrun: {
    when: beforeTheCut,
    cause: async lab => {
      await linkRate(lab, 1)
      await burdenLink(lab)
    },
    overlay: shortWindow,
  },
  'link-down': { when: beforeTheCut, cause: linkDown },
  'no-go': {
    when: beforeTheCut,
    refuses: { gate: 'reopen', role: 'tester', note: 'two courses open without their video' },
  },
} satisfies Record<string, Fault>

export type FaultName = keyof typeof faults
export const faultNames = Object.keys(faults) as FaultName[]
export const faultNamed = (name: FaultName | undefined): Fault | undefined => name && faults[name]
