import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { basculeDiesName } from '../../lab/demo/bascule-dies.ts'
import { type Fault, nightFaultNamed, nightFaultNames, plainFaultNames } from '../../lab/demo/faults.ts'
import { faultAheadNamed, faultAheadNames } from '../../lab/demo/found-ahead.ts'
import { faultNames, inSync } from '../../lab/demo/options.ts'
import { loadKinds } from '../../src/kinds/registry.ts'
import { exitCodes } from '../../src/model/failure.ts'
import { blocksOf, pageNamed } from '../helpers/docs-pages.ts'

const page = pageNamed('docs/network.md')
const rows = [...page.text.matchAll(/^\| `([\w-]+)` \| (.*) \| exit code (\d+).* \|$/gm)]
const kinds = await loadKinds()

test('the table of faults has those of the network, and the exit codes they end with', () => {
  expect(rows.map(([, name]) => name)).toEqual([
    ...faultAheadNames.toSorted((one, other) => place(one) - place(other)),
    'record-changed-by-hand',
    inSync,
    'line-lost-in-night',
  ])
  for (const [, name = '', , code] of rows) expect([name, Number(code)]).toEqual([name, endOf(name)])
  for (const [, name = '', what = ''] of rows) {
    const { foundBy, as = '' } = faultAheadNamed(name) ?? {}
    if (foundBy) expect(what).toMatch(new RegExp(`\`${foundBy}\`.*${as.replace('firewall.', '')}`))
  }
})

const place = (name: string) => rows.findIndex(row => row[1] === name)

function endOf(name: string): number {
  if (faultAheadNamed(name)) return exitCodes.checksFailed
  if (name === inSync) return exitCodes.ok
  return (nightFaultNamed(name) as Fault).endsWith ?? exitCodes.rolledBack
}

test('every fault can be asked for, and those that are undone without machines are known', () => {
  expect(faultNames).toEqual([...nightFaultNames, ...faultAheadNames, inSync, basculeDiesName])
  expect(plainFaultNames).toContain('record-changed-by-hand')
  expect(plainFaultNames).not.toContain('line-lost-in-night')
  expect(plainFaultNames).not.toContain('machine-wont-start')
})

test('findings and measures that the page names are those of the kinds', () => {
  const sentences = Object.values(kinds).flatMap(({ messages }) => Object.keys(messages.en ?? {}))
  const measures = Object.values(kinds).flatMap(kind => Object.keys(kind.measures))
  for (const finding of ['zone-missing', 'secondary-behind']) {
    expect(page.text).toContain(`\`${finding}\``)
    expect(sentences).toContain(`dns.finding.${finding}`)
  }
  expect(sentences).toEqual(expect.arrayContaining(['nftables.lockedOut', 'forwarder.finding.nobody']))
  const named = [...page.text.matchAll(/`([a-z]+(?:Open|Closed|Different|Changed|AtSource|ThroughBackup))`/g)]
  expect(named.length).toBeGreaterThan(4)
  expect(named.map(match => match[1]).filter(name => !measures.includes(name ?? ''))).toEqual([])
})

test('the machines outside are written as the plan wants them', () => {
  const [block] = blocksOf(page).filter(({ mark }) => mark === 'outside')
  const { outside } = parse(block?.text ?? '') as { outside: Record<string, object> }
  expect(Object.keys(outside)).toEqual(['tester', 'stranger'])
  for (const host of Object.values(outside)) expect(Object.keys(host)).toEqual(['ssh', 'address'])
})
