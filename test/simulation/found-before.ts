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
  {
    what: 'a target whose host restarts in the midst of the way back is a second primary, and keeps the source shut',
    scenario: {
      ...calmly,
      faults: [
        { mode: 'live', entry: 110, calls: 5, do: 'site-dies', side: 'target', seconds: 415 },
        { mode: 'live', entry: 31, calls: 10, do: 'lose', what: 'answer', count: 6 },
        { mode: 'live', entry: 89, calls: 9, do: 'full', host: 't-db', seconds: 383 },
        { mode: 'live', entry: 86, calls: 9, do: 'lose', what: 'request', count: 1 },
        { mode: 'live', entry: 87, calls: 9, do: 'order', order: 'roll-back' },
        { mode: 'live', entry: 70, calls: 11, do: 'twice', count: 5 },
        { mode: 'live', entry: 113, calls: 7, do: 'site-dies', side: 'source', seconds: 282 },
      ],
      ...{ nights: 2, preparesAgain: true, patienceSeconds: 7 },
    },
  },
  {
    what: 'a second program claims while the first one still writes, and the copies at both sites say different things',
    scenario: {
      faults: [
        { mode: 'live', entry: 61, calls: 1, do: 'copy-state', actsAfterEntries: 2 },
        { mode: 'live', entry: 1, calls: 8, do: 'site-dies', side: 'source', seconds: 270 },
        { mode: 'live', entry: 105, calls: 10, do: 'twice', count: 1 },
        { mode: 'live', entry: 39, calls: 3, do: 'power', host: 'toulouse-gateway', seconds: 255 },
      ],
      words: [{ says: 'no-go', delaySeconds: 33, twice: false }],
      ...{ rehearses: false, nights: 2, preparesAgain: false, patienceSeconds: 13 },
    },
  },
  {
    what: 'a second program acts while the first one’s site is silent: each is refused by the other’s copy, and nobody goes on',
    scenario: {
      faults: [
        { mode: 'live', entry: 8, calls: 0, do: 'copy-state', actsAfterEntries: 0 },
        { mode: 'live', entry: 1, calls: 0, do: 'site-dies', side: 'source', seconds: 12 },
      ],
      words: [],
      ...{ rehearses: false, nights: 1, preparesAgain: false, patienceSeconds: 5 },
    },
  },
]
