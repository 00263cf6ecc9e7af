import { fires, judgedAt, misses, type Variant, without } from './paper-variant.ts'

const start = 'start: {work: start, components: [machine], at: "22:50"}'
const notice = (subject: string) =>
  [
    'rollback: {',
    `notices:\n  done: {day: J+1, to: everybody, subject: "${subject}", bodyFile: done.md}\nrollback: {`,
  ] as const

/** Gates, machines, and what the plan says to whom and when. */
export const gateVariants: readonly Variant[] = [
  fires(
    'the outage begins with nothing measured',
    'order.go-ungated',
    without('rate: {component: line, measure: rate, atLeast: 150, gate: go, onFailure: block}'),
    ['below: 60 s, gate: go', 'below: 60 s, gate: integrity'],
    ['below: 5 GB, gate: go', 'below: 5 GB, gate: integrity'],
  ),
  misses(
    'order.go-ungated',
    'one check of three is enough',
    ['below: 60 s, gate: go', 'below: 60 s, gate: integrity'],
    ['below: 5 GB, gate: go', 'below: 5 GB, gate: integrity'],
  ),
  fires('services start on data that nothing was asked of', 'order.integrity-ungated', [
    'equals: 0, gate: integrity',
    'equals: 0, gate: reopen',
  ]),
  misses(
    'order.integrity-ungated',
    'a person is asked',
    ['equals: 0, gate: integrity', 'equals: 0, gate: reopen'],
    ['gates:\n', 'gates:\n  integrity: {signoffs: [lead]}\n'],
  ),
  fires(
    'a machine that boots in 11 min has 10',
    ['capacity.boot'],
    ['rollback: {', 'rates: {boot: 11 min}\nrollback: {'],
  ),
  fires(
    'no time at all to boot',
    ['capacity.boot'],
    [start, start.replace('"22:50"', '"22:50", until: "22:50"')],
  ),
  misses('capacity.boot', 'it boots in 10 min', ['rollback: {', 'rates: {boot: 10 min}\nrollback: {']),
  judgedAt('2026-12-12T23:00:01Z', fires('a second after the window', 'values.window-past')),
  judgedAt('2026-12-12T23:00:00Z', misses('values.window-past', 'as it ends')),
  fires('a notice with the address of a host', 'values.public-text', notice('Back: ssh 192.0.2.1, please')),
  fires('a notice with a private address', 'values.public-text', notice('All is at 10.3.0.7.')),
  misses(
    'values.public-text',
    'a public name, and a number that is no address',
    notice('courses.example is back at 10.30'),
  ),
]
