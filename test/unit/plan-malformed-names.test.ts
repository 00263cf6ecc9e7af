import { expect, test } from 'vitest'
import { changed, complaints } from '../helpers/plan-kinds.ts'

type Row = [what: string, from: string, to: string, errors: string[]]
const rows: Row[] = [
  [
    'cycle',
    '    owner: dba\n',
    '    owner: dba\n    needs: [site]\n',
    ['38:13 components.site.needs[0] cycle'],
  ],
  ['cycle of one', 'needs: [data]', 'needs: [site]', ['37:13 components.site.needs[0] cycle']],
  [
    'unknown component in needs',
    'needs: [data]',
    'needs: [dat]',
    ['37:13 components.site.needs[0] unknownComponent → data'],
  ],
  ['needed twice', 'needs: [data]', 'needs: [data, data]', ['37:19 components.site.needs[1] twice']],
  ['owner that nobody is', 'owner: dba', 'owner: dbs', ['26:12 components.data.owner unknownRole → dba']],
  [
    'owner of a phase',
    'days: J-14 to J-8, owner: lead',
    'days: J-14 to J-8, owner: boss',
    ['47:52 phases.week-1.owner unknownRole'],
  ],
  ['sign-off that nobody gives', '[lead, dba]', '[lead, tester]', ['45:25 gates.go.signoffs[1] unknownRole']],
  ['sign-off twice', '[lead, dba]', '[lead, lead]', ['45:25 gates.go.signoffs[1] twice']],
  [
    'check of no component',
    'T2: {component: data',
    'T2: {component: date',
    ['42:19 checks.T2.component unknownComponent → data'],
  ],
  [
    'check of no measure',
    'measure: lagSeconds',
    'measure: lagSecond',
    ['42:34 checks.T2.measure unknownMeasure → lagSeconds'],
  ],
  [
    'measure of another kind',
    'measure: lagSeconds',
    'measure: failedProbes',
    ['42:34 checks.T2.measure unknownMeasure'],
  ],
  [
    'measure of a field that the component has not',
    'measure: loadP95Milliseconds, below: 2 s',
    'measure: failedHeaders, equals: 0',
    ['43:35 checks.T13.measure measureNeedsField'],
  ],
  ['unknown gate of a check', 'gate: reopen', 'gate: reopn', ['43:74 checks.T13.gate notOneOf → reopen']],
  [
    'host of the source',
    'source: {host: database}',
    'source: {host: databse}',
    ['28:20 components.data.source.host unknownHost.source → database'],
  ],
  [
    'host of the target',
    'target: {host: app,',
    'target: {host: web,',
    ['39:20 components.site.target.host unknownHost.target'],
  ],
  [
    'host outside, of none',
    '    target: {host: app,',
    '    from: {outside: tester}\n    target: {host: app,',
    ['39:21 components.site.from.outside unknownHost.outside'],
  ],
  [
    'person twice',
    '  - {role: dba',
    '  - {role: lead, name: Claire Martin, contact: x, available: J}\n  - {role: dba',
    ['21:5 people[1] twice'],
  ],
  ['sites of one name', 'id: there', 'id: here', ['14:9 sites.target.id sameSite']],
  ['no threshold', 'below: 1 min, ', '', ['42:7 checks.T2 noThreshold']],
  ['two thresholds', 'below: 1 min', 'below: 1 min, atLeast: 3', ['42:69 checks.T2.atLeast secondThreshold']],
  ['threshold not understood', 'below: 1 min', 'below: soon', ['42:53 checks.T2.below notUnderstood']],
  ['threshold in another dimension', 'below: 1 min', 'below: 5 GB', ['42:53 checks.T2.below wrongUnit']],
  [
    'unit on a count',
    'measure: lagSeconds, below: 1 min',
    'measure: rowsDifferent, equals: 0 GB',
    ['42:57 checks.T2.equals wrongUnit'],
  ],
  ['threshold that is no figure', 'below: 1 min', 'below: true', ['42:53 checks.T2.below notAllowed']],
  ['inline secret', '"env:DB_PASSWORD"', 'hunter2', ['30:38 components.data.admin.password secretInline']],
  [
    'secret that is a number',
    '"env:DB_PASSWORD"',
    '123456',
    ['30:38 components.data.admin.password secretInline'],
  ],
  [
    'secret with an empty reference',
    '"env:DB_PASSWORD"',
    '"file:"',
    ['30:38 components.data.admin.password secretInline'],
  ],
  [
    'password in an address',
    '    target: {host: app, url: "http://',
    '    target: {host: app, url: "http://web:hunter22@',
    ['39:30 components.site.target.url secretInline'],
  ],
  [
    'password in an address without a user',
    '    target: {host: app, url: "http://',
    '    target: {host: app, url: "http://:hunter22@',
    ['39:30 components.site.target.url secretInline'],
  ],
  ...[
    ['authorization', 'Bearer hunter22', 30],
    ['Cookie', '"session=hunter22"', 23],
    ['X-Api-Key', 'hunter22', 26],
  ].map(
    ([header, value, column]): Row => [
      `secret in the header ${header}`,
      '    target: {host: app,',
      `    headers: {${header}: ${value}}\n    target: {host: app,`,
      [`39:${column} components.site.headers.${header} secretInline`],
    ],
  ),
]

test('a header may hold a placeholder, an address a user and a port', () => {
  const harmless = changed(
    '    target: {host: app, url: "http://',
    '    headers: {authorization: "Bearer {{token}}", accept: text/html}\n    target: {host: app, url: "http://web@',
  )
  expect(complaints(harmless)).toEqual([])
})

test.each(rows)('a plan whose names and figures do not fit: %s', (_, from, to, errors) => {
  expect(complaints(changed(from, to))).toEqual(errors)
})
