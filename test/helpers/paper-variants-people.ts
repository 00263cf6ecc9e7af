import type { Edit } from './paper-plan.ts'
import { fires, misses, slot, type Variant } from './paper-variant.ts'

const claire = 'name: Claire Martin, contact: "+33 6 39 98 02 01, claire@example.org", available: J-14 to J+7'
const paul = 'name: Paul Roux, contact: "+33 6 39 98 02 02, paul@example.org", available: J-14 to J+7'
const until = (person: string, days: string): Edit => [person, person.replace('J-14 to J+7', days)]
const week = 'week: {title: Watch, days: J+1 to J+7, owner: lead, work: watch}'

/** One more entry of `people`, who can be called. */
const also = (role: string, name: string, available: string): string =>
  `  - {role: ${role}, name: ${name}, contact: "+33 6 39 98 02 03, someone@example.org", available: ${available}}\n`
const people = (...entries: string[]): Edit => [
  'components:\n  line:',
  `${entries.join('')}components:\n  line:`,
]
const dbaOwnsBase: Edit = [
  'base: {kind: data, criticality: critical, owner: lead',
  'base: {kind: data, criticality: critical, owner: dba',
]
const twoDbas = (days: string): Edit => people(also('dba', 'Nora Weil', days), also('dba', 'Ana Diaz', days))
const goOf = (roles: string): Edit => ['go: {signoffs: [lead]}', `go: {signoffs: [${roles}]}`]
const withoutPaul: Edit = [`  - {role: lead, ${paul}}\n`, '']

/** All but Claire leave at J+3. */
const leaving = (days: string): Edit[] => [
  dbaOwnsBase,
  twoDbas('J-14 to J+3'),
  until(paul, 'J-14 to J+3'),
  [week, week.replace('J+1 to J+7', days)],
]

export const peopleVariants: readonly Variant[] = [
  fires(
    'a phase half of whose days nobody of its role is there',
    ['people.absent'],
    until(claire, 'J-14 to J+3'),
    until(paul, 'J-14 to J+2'),
  ),
  fires(
    'a phase on none of whose days anybody of its role is there',
    ['people.absent'],
    until(claire, 'J-14 to J+3'),
    until(paul, 'J-14 to J+2'),
    [week, week.replace('J+1', 'J+4')],
  ),
  misses('people.absent', 'two who take turns', until(claire, 'J-14 to J+3'), until(paul, 'J to J+7')),
  misses(
    'people.absent',
    'a phase that ends on the last day of both',
    until(claire, 'J-14 to J+3'),
    until(paul, 'J-14 to J+2'),
    [week, week.replace('J+7', 'J+3')],
  ),
  fires('a phase for which one person alone is left', ['people.alone'], ...leaving('J+4 to J+7')),
  misses('people.alone', 'the same while the others are still there', ...leaving('J+3 to J+7')),
  misses('people.alone', 'the same with two who are left', dbaOwnsBase, twoDbas('J-14 to J+3'), [
    week,
    week.replace('J+1', 'J+4'),
  ]),
  fires('a GO of a role that has left', ['people.signoff-absent'], goOf('lead, dba'), twoDbas('J-14 to J-1')),
  misses(
    'people.signoff-absent',
    'a GO of a role that leaves after the night',
    goOf('lead, dba'),
    twoDbas('J-14 to J'),
  ),
  fires(
    'an owner who comes the day after',
    ['people.owner-absent'],
    [
      'names: {kind: zone, criticality: high, owner: lead',
      'names: {kind: zone, criticality: high, owner: dba',
    ],
    twoDbas('J+1 to J+7'),
  ),
  misses(
    'people.owner-absent',
    'an owner who comes on the day',
    [
      'names: {kind: zone, criticality: high, owner: lead',
      'names: {kind: zone, criticality: high, owner: dba',
    ],
    twoDbas('J to J+7'),
  ),
  fires(
    'one person alone with both roles of a gate',
    ['people.twice', 'people.no-deputy', 'people.no-deputy'],
    goOf('lead, quality'),
    people(also('quality', 'Claire Martin', 'J-14 to J+7')),
    withoutPaul,
  ),
  misses(
    'people.twice',
    'two people with both roles of a gate',
    goOf('lead, quality'),
    people(also('quality', 'Claire Martin', 'J-14 to J+7'), also('quality', 'Paul Roux', 'J-14 to J+7')),
  ),
  fires(
    'one person alone for two slots at the same time',
    ['people.at-once', 'people.no-deputy'],
    withoutPaul,
    slot('{work: document, owner: lead, at: "23:12", until: "23:18"}'),
  ),
  misses(
    'people.at-once',
    'two people for two slots at the same time',
    slot('{work: document, owner: lead, at: "23:12", until: "23:18"}'),
  ),
  fires('a role with one person', ['people.no-deputy'], withoutPaul),
  fires('a deputy who is not there on the night', ['people.no-deputy'], until(paul, 'J-14 to J-1')),
  misses('people.no-deputy', 'a deputy for the night alone', until(paul, 'J')),
  misses(
    'people.no-deputy',
    'one person of a role that the night does not ask for',
    people(also('press', 'Nora Weil', 'J')),
  ),
  fires(
    'an owner without a phone number',
    ['people.contact'],
    ['"+33 6 39 98 02 01, claire@example.org"', 'claire@example.org'],
  ),
  fires(
    'an owner without a mail address',
    ['people.contact'],
    ['"+33 6 39 98 02 01, claire@example.org"', '+33 6 39 98 02 01'],
  ),
  fires(
    'an owner whom nobody can reach',
    ['people.contact'],
    ['"+33 6 39 98 02 01, claire@example.org"', 'room 12'],
  ),
  fires(
    'an owner whose contact is not known yet',
    ['people.contact'],
    ['"+33 6 39 98 02 01, claire@example.org"', '"?"'],
  ),
  misses('people.contact', 'a number written in another way', [
    '"+33 6 39 98 02 01, claire@example.org"',
    '"claire@example.org (06.39.98.02.01)"',
  ]),
  misses(
    'people.contact',
    'somebody whom the night does not ask for',
    people(also('press', 'Nora Weil', 'J').replace(/contact: "[^"]*"/, 'contact: room 12')),
  ),
]
