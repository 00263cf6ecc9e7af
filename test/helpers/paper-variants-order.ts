import { fires, misses, slot, type Variant, without } from './paper-variant.ts'

const position = 'position: {work: catch-up, components: [base], at: "22:25"}'
const rows = 'rows: {component: base, measure: different, equals: 0, gate: integrity, onFailure: roll-back}'
const test = 'test: {work: test, components: [machine], at: "23:00"}'
const sign = 'sign: {work: sign-off, at: "23:10"}'
const back = 'back: {work: flow-back, components: [base, tree], at: "22:45"}'
const oldTtl = 'old-ttl: {title: Old TTL, days: J-2, owner: lead, work: wait-ttl, components: [names]}'
const promote = 'promote: {work: promote, components: [base], at: "22:40"}'

export const orderVariants: readonly Variant[] = [
  // order of the data
  fires(
    'a replica is built, and a dump restored there',
    ['order.replica-unused'],
    [promote, 'restore: {work: restore, components: [base], at: "22:40", size: 5 GB}'],
  ),
  fires(
    'a replica is built and left',
    ['order.replica-unused'],
    [promote, 'promote: {work: test, components: [base], at: "22:40"}'],
  ),
  misses(
    'order.replica-unused',
    'no replica, and a restore',
    without('replica: {title: Replica, days: J-9 to J-7, owner: lead, work: replicate, components: [base]}'),
    [promote, 'restore: {work: restore, components: [base], at: "22:40", size: 5 GB}'],
  ),
  fires(
    'images leave four days before, and nothing after the shutdown',
    ['order.images-without-delta'],
    without('images: {work: delta, components: [machine], at: "22:20"}'),
  ),
  misses(
    'order.images-without-delta',
    'they are sent once more in the night',
    ['images: {work: delta', 'images: {work: send'],
    ['[machine], at: "22:20"', '[machine], at: "22:20", size: 2 GB'],
  ),
  fires(
    'a dump before anybody is stopped',
    ['order.copy-while-written'],
    ['"22:00"}', '"22:03"}'],
    ['  page:', '  early: {work: dump, components: [base], at: "22:00", size: 1 GB}\n  page:'],
  ),
  misses('order.copy-while-written', 'a dump as the maintenance page goes on', [
    '  stop:',
    '  early: {work: dump, components: [base], at: "22:00", size: 1 GB}\n  stop:',
  ]),
  fires('nothing flows back', ['order.nothing-flows-back'], without(back)),
  fires(
    'the database flows back, the tree does not',
    ['order.nothing-flows-back'],
    [back, back.replace('[base, tree]', '[base]')],
  ),
  misses('order.nothing-flows-back', 'it flows back from the day before on', [
    back,
    back.replace('"22:45"', 'J-1 12:00'),
  ]),
  fires(
    'rows compared the day after',
    ['order.compare-after-reopen', 'order.integrity-ungated'],
    without(rows),
    ['  week:', '  rows: {title: Rows, days: J+1, owner: lead, work: compare, components: [base]}\n  week:'],
  ),
  fires(
    'rows compared ten minutes after the reopening',
    ['order.compare-after-reopen', 'order.integrity-ungated'],
    without(rows),
    ['  users:', '  late: {work: compare, components: [base], at: "23:25", until: "23:30"}\n  users:'],
  ),
  misses('order.compare-after-reopen', 'compared in the night, and once more the day after', [
    '  week:',
    '  rows: {title: Rows, days: J+1, owner: lead, work: compare, components: [base]}\n  week:',
  ]),
  fires('nothing compares the database', ['order.no-comparison', 'order.integrity-ungated'], without(rows)),
  misses(
    'order.no-comparison',
    'the schedule compares it, not a check',
    without(rows),
    slot('{work: compare, components: [base], at: "22:25", until: "22:30"}'),
  ),
  fires(
    'a lag is all that is asked',
    ['order.compare-after-reopen', 'order.lag-not-position', 'order.integrity-ungated'],
    without(rows),
    without(position),
    ['  week:', '  rows: {title: Rows, days: J+1, owner: lead, work: compare, components: [base]}\n  week:'],
  ),
  misses('order.lag-not-position', 'a lag, and then the rows', without(position)),
  // order of the night
  fires(
    'no reserve: work until the end',
    ['order.no-reserve'],
    ['"23:15", until: "23:20"', '"23:15", until: "00:00"'],
    ['users: {work: reopen, at: "23:20"}', 'users: {work: reopen, at: "00:00"}'],
  ),
  misses(
    'order.no-reserve',
    'just the reserve left',
    ['until: "23:20"', 'until: "23:30"'],
    ['users: {work: reopen, at: "23:20"}', 'users: {work: reopen, at: "23:30"}'],
  ),
  fires('the old TTL is not waited for', ['order.old-ttl'], without(oldTtl)),
  fires(
    'the TTL is not lowered at all',
    ['order.old-ttl'],
    without(oldTtl),
    without('ttl: {title: Low TTL, days: J-3, owner: lead, work: lower-ttl, components: [names]}'),
  ),
  misses('order.old-ttl', 'a check waits for it', without(oldTtl), [
    '  behind:',
    '  old: {component: names, measure: old, equals: 0, gate: go, onFailure: block}\n  behind:',
  ]),
  fires(
    'switched, then tested',
    ['order.switch-before-test'],
    [test, 'test: {work: test, components: [machine], at: "23:30", until: "23:30"}'],
  ),
  fires('switched and never tested', ['order.switch-before-test'], without(test)),
  misses('order.switch-before-test', 'tested in the minute before the switch', [
    test,
    'test: {work: test, components: [machine], at: "23:14"}',
  ]),
  fires(
    'signed once users are back',
    ['order.sign-off-after-reopen'],
    [sign, 'sign: {work: sign-off, at: "23:25", until: "23:30"}'],
  ),
  misses(
    'order.sign-off-after-reopen',
    'signed at the gate, and again once users are back',
    [sign, 'sign: {work: sign-off, at: "23:25", until: "23:30"}'],
    ['gates:\n', 'gates:\n  reopen: {signoffs: [lead]}\n'],
  ),
  fires('nothing is asked before users return', 'order.reopen-ungated', [
    'equals: 0, gate: reopen',
    'equals: 0, gate: integrity',
  ]),
  misses(
    'order.reopen-ungated',
    'nothing but a person',
    ['equals: 0, gate: reopen', 'equals: 0, gate: integrity'],
    ['gates:\n', 'gates:\n  reopen: {signoffs: [lead]}\n'],
  ),
  fires(
    'the machine starts before its database is promoted',
    ['order.needs'],
    [promote, promote.replace('"22:40"', '"22:51", until: "22:55"')],
  ),
  misses('order.needs', 'it starts as the promotion ends', [
    promote,
    promote.replace('"22:40"', '"22:45", until: "22:50"'),
  ]),
]
