import { expect, it } from 'vitest'
import { parsePlan } from '../../src/plan/parse.ts'
import { complaints, goodPlan, testKinds } from '../helpers/plan-kinds.ts'

const claire = `ssh-ed25519 ${'A'.repeat(68)}`
const paul = `ssh-ed25519 ${'B'.repeat(68)}`
const lead = 'contact: claire@example.org'
const dba = 'contact: paul@example.org'
const signed = goodPlan.replace('signatures: declared\n', '')
const withKeys = (one: string, other: string): string =>
  signed.replace(lead, `${lead}, key: ${one}`).replace(dba, `${dba}, key: ${other}`)

it('who signs off needs a key, unless names are declared', () => {
  expect(complaints(signed)).toEqual(['20:5 people[0] missingKey', '21:5 people[1] missingKey'])
  expect(complaints(goodPlan)).toEqual([])
  expect(complaints(withKeys(claire, paul))).toEqual([])
})

it('one person of the role with a key is enough; two people never share one', () => {
  const nora = `  - {role: dba, name: Nora Weil, contact: here, available: J to J+1, key: ${paul}}\ncomponents:`
  const third = signed.replace(lead, `${lead}, key: ${claire}`).replace('components:', nora)
  expect(complaints(third)).toEqual([])
  expect(complaints(withKeys(claire, `${claire} paul`))).toEqual(['21:66 people[1].key sharedKey'])
})

it.each([
  'ssh-ed25519',
  'no key',
  `${claire}\\nx ssh-ed25519 y`,
  `cert-authority ${claire}`,
  `ssh-dss ${'A'.repeat(68)}`,
])('%j is no public key', text => {
  expect(complaints(withKeys(`"${text}"`, paul)).join()).toMatch(/people\[0\]\.key/)
})

it('the comment of a key counts for nothing', () => {
  const result = parsePlan(
    [{ name: 'plan.yaml', text: withKeys(`${claire} claire@laptop`, paul) }],
    testKinds,
  )
  if ('errors' in result) throw new Error(JSON.stringify(result.errors))
  expect(result.plan).toMatchObject({ signatures: 'required', people: [{ key: claire }, { key: paul }] })
})
