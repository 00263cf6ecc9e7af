import type { Scenario } from './scenario.ts'

export type Found = { what: string; scenario: Scenario }

const calmly = { words: [], rehearses: false, nights: 1, preparesAgain: false, patienceSeconds: 60 }

/** The smallest scenario of each defect that the seeds have found. Seeds change with the scenarios; these stay. */
export const foundBefore: Found[] = [
  {
    what: 'a program on an older copy of the state directory acts, for the copies of the journal were at other hosts',
    scenario: {
      ...calmly,
      faults: [
        { mode: 'live', entry: 5, calls: 0, do: 'copy-state', actsAfterEntries: 10 },
        {
          mode: 'live',
          entry: 4,
          calls: 0,
          do: 'kill',
          when: 'before',
          restartSeconds: 20,
          goesOn: 'takeover',
        },
      ],
    },
  },
]
