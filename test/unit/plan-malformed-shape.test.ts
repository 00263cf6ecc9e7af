import { expect, test } from 'vitest'
import { changed, complaints } from '../helpers/plan-kinds.ts'

type Row = [what: string, from: string, to: string, errors: string[]]
const rows: Row[] = [
  [
    'unknown key',
    'criticality: high',
    'criticality: high\n    critcality: high',
    ['36:5 components.site.critcality unknownKey → criticality'],
  ],
  [
    'key of another language',
    'needs: [data]',
    'dependsOn: [data]',
    ['37:5 components.site.dependsOn unknownKey'],
  ],
  ['missing key', '    owner: dba\n', '', ['23:3 components.data.owner missing']],
  [
    'missing section',
    'rollback: {databaseStart: 5 min, serviceStartAttempts: 3}\n',
    '',
    ['1:1 rollback missing'],
  ],
  ['missing key of a flow map', 'length: 2 h, ', '', ['5:1 window.length missing']],
  ['key with no value', 'name: small', 'name:', ['2:6 name found.nothing']],
  ['number for text', 'name: Paul Roux', 'name: 12', ['21:23 people[1].name found.number']],
  [
    'list for a map',
    'gates:\n  go: {signoffs: [lead, dba]}',
    'gates: [lead, dba]',
    ['44:8 gates found.list'],
  ],
  [
    'map for a list',
    'people:\n  - {role: lead, name: Claire Martin, contact: claire@example.org, available: J-14 to J+7}\n  - {role: dba, name: Paul Roux, contact: paul@example.org, available: J-7 to J+3}',
    'people: {lead: Claire Martin}',
    ['19:9 people found.map'],
  ],
  [
    'text for a list',
    'databases: [main]',
    'databases: main',
    ['31:16 components.data.databases found.string'],
  ],
  ['text for a number', 'port: 5433', 'port: "5433"', ['29:36 components.data.target.port found.string']],
  ['number out of range', 'port: 5433', 'port: 70000', ['29:36 components.data.target.port notAllowed']],
  [
    'fraction for a whole number',
    'serviceStartAttempts: 3',
    'serviceStartAttempts: 2.5',
    ['48:56 rollback.serviceStartAttempts found.number'],
  ],
  ['nobody', 'signoffs: [lead, dba]', 'signoffs: []', ['45:18 gates.go.signoffs notAllowed']],
  ['empty text', 'title: A small move', 'title: ""', ['3:8 title notAllowed']],
  ['id with capitals', 'name: small', 'name: Small', ['2:7 name notAllowed']],
  [
    'id of a component',
    '  site:\n    kind',
    '  My_site:\n    kind',
    ['32:3 components.My_site badKey', '43:20 checks.T13.component unknownComponent'],
  ],
  ['version of the format', 'bascule: 1', 'bascule: 2', ['1:10 bascule notOneOf']],
  ['no version', 'bascule: 1\n', '', ['1:1 bascule missing']],
  ['unknown kind', 'kind: store', 'kind: stroe', ['24:11 components.data.kind notOneOf → store']],
  ['no kind', '    kind: store\n', '', ['23:3 components.data.kind missing']],
  [
    'word not in the list',
    'criticality: critical',
    'criticality: crucial',
    ['25:18 components.data.criticality notOneOf'],
  ],
  [
    'unknown key in a choice',
    'systemd: site.service',
    'systmd: site.service',
    ['40:15 components.site.manager.systmd unknownKey → systemd'],
  ],
  ['neither choice', '{systemd: site.service}', 'site.service', ['40:14 components.site.manager notAllowed']],
  [
    'refinement of a kind',
    '    manager:',
    '    lowest: 5\n    manager:',
    ['32:3 components.site.highest notAllowed'],
  ],
  [
    'ssh name that is an option',
    'ssh: here-db',
    'ssh: -oProxyCommand=x',
    ['11:23 sites.source.hosts.database.ssh notAllowed'],
  ],
  ['URL', '"http://192.0.2.11"', 'nowhere', ['38:30 components.site.source.url notAllowed']],
]

test.each(rows)('a plan whose shape is wrong: %s', (_, from, to, errors) => {
  expect(complaints(changed(from, to))).toEqual(errors)
})
