import { expect, it } from 'vitest'
import { parsePlan } from '../../src/plan/parse.ts'
import { complaints, goodPlan, testKinds } from '../helpers/plan-kinds.ts'

const withAuthor = (author: string): string => `${goodPlan}author: ${author}\n`
const nora = '  - {role: lead, name: Nora Weil, contact: here, available: J to J+1}\ncomponents:'
const twoLeads = (author: string): string => withAuthor(author).replace('components:', nora)

it('an author is one of the people', () => {
  expect(complaints(withAuthor('{name: Paul Roux}'))).toEqual([])
  expect(complaints(withAuthor('{name: Paul Rou}'))).toEqual(['52:16 author.name unknownPerson → Paul Roux'])
})

it('what the author may not approve somebody else can', () => {
  const claire = '{name: Claire Martin, mayNotApprove: [go, countersign]}'
  expect(complaints(withAuthor(claire))).toEqual(['52:47 author.mayNotApprove[0] onlyAuthor'])
  expect(complaints(twoLeads(claire))).toEqual([])
  expect(complaints(withAuthor('{name: Claire Martin, mayNotApprove: [reopen]}'))).toEqual([])
})

it('who has no key cannot approve in place of the author, where signatures are required', () => {
  const claire = '{name: Claire Martin, mayNotApprove: [countersign]}'
  const signed = withAuthor(claire)
    .replace('signatures: declared\n', 'gates: {go: {signoffs: [lead]}}\n')
    .replace('gates:\n  go: {signoffs: [lead, dba]}\n', '')
    .replace('contact: claire@example.org', `contact: there, key: ssh-ed25519 ${'A'.repeat(68)}`)
  expect(complaints(signed).map(one => one.split(' ').slice(1).join(' '))).toEqual([
    'author.mayNotApprove[0] nobodyCountersigns',
  ])
})

it('the plan has it only where it is written', () => {
  const read = (text: string) => {
    const result = parsePlan([{ name: 'plan.yaml', text }], testKinds)
    if ('errors' in result) throw new Error(JSON.stringify(result.errors))
    return result.plan
  }
  expect(read(goodPlan)).not.toHaveProperty('author')
  expect(read(withAuthor('{name: Paul Roux}')).author).toEqual({ name: 'Paul Roux', mayNotApprove: [] })
})
