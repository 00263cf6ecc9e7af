import { fires, misses, slot, type Variant, without } from './paper-variant.ts'

const position = 'position: {work: catch-up, components: [base], at: "22:25"}'
const delta = 'delta: {work: delta, components: [tree], at: "22:10"}'
const hash = 'hash: {work: hash, components: [tree], at: "22:30", size: 5 GB}'

export const variants: readonly Variant[] = [
  // capacity, at 200 Mbit/s (25 MB/s) and the accepted 150 (18.75 MB/s)
  fires(
    'a delta of 5 GB in 4 min: 3.3 min at the declared rate, 4.4 at the accepted one',
    ['capacity.link-slot'],
    [delta, 'delta: {work: delta, components: [tree], at: "22:10", until: "22:14"}'],
  ),
  misses('capacity.link-slot', 'the same in 5 min', [
    delta,
    'delta: {work: delta, components: [tree], at: "22:10", until: "22:15"}',
  ]),
  fires(
    '8 GB sent in 5 min',
    ['capacity.link-slot'],
    slot('{work: send, components: [machine], at: "22:20", until: "22:25", size: 8 GB}'),
  ),
  misses(
    'capacity.link-slot',
    '5 GB sent in 5 min',
    slot('{work: send, components: [machine], at: "22:20", until: "22:25", size: 5 GB}'),
  ),
  fires(
    '500 GB over 20 Mbit/s in one hour',
    ['capacity.link-slot', 'capacity.window', 'capacity.room'],
    ['mbps: 200', 'mbps: 20'],
    ['20-40 GB', '500 GB'],
    [delta, 'delta: {work: sync, components: [tree], at: "22:10", until: "23:10"}'],
    ['below: 5 GB', 'below: 0.1 GB'],
    ['days: J-6 to J-5', 'days: J-14 to J-10'],
  ),
  fires(
    '50 GB dumped in 5 min',
    ['capacity.work-rate', 'capacity.window'],
    slot('{work: dump, components: [base], at: "22:20", until: "22:25", size: 300 GB}'),
  ),
  misses(
    'capacity.work-rate',
    '18 GB dumped in 5 min, at the assumed 60 MB/s',
    slot('{work: dump, components: [base], at: "22:20", until: "22:25", size: 18 GB}'),
  ),
  fires(
    'more than 5 min of hashing by the measured rate',
    ['capacity.work-rate'],
    [hash, hash.replace('5 GB', '40 GB')],
    ['architecture:', 'rates: {hash: 50 MB/s}\narchitecture:'],
  ),
  misses(
    'capacity.work-rate',
    'the same by a faster measured rate',
    [hash, hash.replace('5 GB', '40 GB')],
    ['architecture:', 'rates: {hash: 500 MB/s}\narchitecture:'],
  ),
  fires(
    '600 GB to hash at no planned time, 40 min free',
    ['capacity.untimed'],
    slot('{work: hash, components: [tree], size: 600 GB}'),
  ),
  misses(
    'capacity.untimed',
    '400 GB to hash at no planned time: 33 min',
    slot('{work: hash, components: [tree], size: 400 GB}'),
  ),
  fires(
    'two deltas at once, 10 GB in 7 min',
    ['capacity.side-by-side'],
    slot('{work: delta, components: [tree], at: "22:12", until: "22:17"}'),
    [delta, 'delta: {work: delta, components: [tree], at: "22:10", until: "22:15"}'],
  ),
  misses(
    'capacity.side-by-side',
    'two deltas at once, 10 GB in 10 min',
    slot('{work: delta, components: [tree], at: "22:14", until: "22:20"}'),
    [delta, 'delta: {work: delta, components: [tree], at: "22:10", until: "22:15"}'],
  ),
  fires(
    '60 GB sent in 5 min push the whole night into the reserve',
    ['capacity.link-slot', 'capacity.window'],
    slot('{work: send, components: [machine], at: "22:20", until: "22:25", size: 60 GB}'),
  ),
  {
    ...fires(
      '10 GB sent in 5 min: late, and over before the reserve',
      'capacity.link-slot',
      slot('{work: send, components: [machine], at: "22:20", until: "22:25", size: 10 GB}'),
    ),
    nearMissOf: 'capacity.window',
  },
  // the days before
  fires(
    'replica and first sync share a day',
    ['capacity.link-shared'],
    ['days: J-6 to J-5', 'days: J-7 to J-5'],
  ),
  misses('capacity.link-shared', 'the images leave while the TTL is lowered', ['days: J-3', 'days: J-4']),
  fires(
    '5 TB in two days',
    ['capacity.link-overbooked'],
    ['work: sync, components: [tree]', 'work: sync, components: [tree], size: 5 TB'],
  ),
  misses('capacity.link-overbooked', '3 TB in two days', [
    'work: sync, components: [tree]',
    'work: sync, components: [tree], size: 3 TB',
  ]),
  fires('room for less than the largest sizes', ['capacity.room'], ['room: 200 GB', 'room: 80 GB']),
  misses('capacity.room', 'room for just as much', ['room: 200 GB', 'room: 90 GB']),
  // values
  fires(
    'a delay and a TTL without a value',
    ['values.unknown', 'values.unknown'],
    ['databaseStart: 5 min', 'databaseStart: "?"'],
    ['ttl: 60', 'ttl: "?"'],
  ),
  fires('a check without a figure', ['values.unknown'], ['below: 60 s', 'below: "?"'], without(position)),
  misses(
    'values.unknown',
    'a question mark in free text',
    ['title: On paper', 'title: "?"'],
    ['monitoring: Prometheus', 'monitoring: "?"'],
  ),
  fires('a TTL that its kind calls too low', 'values.fields', ['ttl: 60', 'ttl: 59']),
  misses('values.fields', 'the lowest that it takes', ['ttl: 60', 'ttl: 60 ']),
  fires('two at one port', ['values.same-port', 'values.same-port'], ['port: 22', 'port: 5432']),
  misses('values.same-port', 'two at one port of two hosts', ['port: 22', 'port: 5432, host: two']),
  fires(
    'a tree in a tree',
    ['values.tree-inside', 'values.tree-inside'],
    ['path: /srv/tree', 'path: /srv/base/tree'],
  ),
  fires(
    'the same tree twice',
    ['values.tree-inside', 'values.tree-inside'],
    ['path: /srv/tree', 'path: /srv/base'],
  ),
  misses('values.tree-inside', 'a tree whose name begins like another', [
    'path: /srv/tree',
    'path: /srv/base-tree',
  ]),
  // the target
  fires('no monitoring', ['target.no-monitoring'], without('monitoring: Prometheus')),
  misses('target.no-monitoring', 'what is there is said in a word', [
    'monitoring: Prometheus',
    'monitoring: probes',
  ]),
  fires('no backup', ['target.no-backup'], without('backup: nightly')),
  misses('target.no-backup', 'a weekly backup is one', ['backup: nightly', 'backup: weekly']),
  fires('no power', ['target.no-power'], without('power: UPS')),
  misses('target.no-power', 'a generator is one', ['power: UPS', 'power: generator']),
  fires(
    'a machine that the architecture has no place for',
    ['target.component-missing'],
    ['[base, tree, machine]\n  monitoring', '[base, tree]\n  monitoring'],
  ),
  misses('target.component-missing', 'names have no size, and need no place', [
    '[base, tree, machine]\n  monitoring',
    '[base, tree, machine, line]\n  monitoring',
  ]),
  fires('one copy of what is critical', ['target.one-copy'], ['copies: {base: 2}', 'copies: {base: 1}']),
  misses('target.one-copy', 'one copy of what is not', ['copies: {base: 2}', 'copies: {base: 2, tree: 1}']),
]
