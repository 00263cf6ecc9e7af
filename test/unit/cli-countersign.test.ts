import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { givenUpLines } from '../../src/cli/rollback-without.ts'
import type { Event, Order } from '../../src/model/event.ts'
import type { SignedGivenUp } from '../../src/model/given-up.ts'
import { now } from '../../src/model/instant.ts'
import type { Text } from '../../src/model/text.ts'
import { newOrder, sendRecord } from '../../src/run/orders.ts'
import { signedText } from '../../src/run/signatures.ts'
import { readRecords } from '../../src/run/stored-runs.ts'
import { signText } from '../../src/transport/ssh-signatures.ts'
import { CommandLine } from '../helpers/command-line.ts'
import { makeKeys, planOfTwoPeople } from '../helpers/signing-people.ts'
import { stateWith } from '../helpers/state-directory.ts'

const line = new CommandLine()
const at = (path: string): string => join(line.home, path)
const plan = at('plan.yaml')

beforeAll(() => {
  makeKeys(line.home, 'claire', 'paul')
  writeFileSync(plan, planOfTwoPeople(line.home, { name: 'countersigned', title: 'Countersigned' }))
})

/** What the second person is shown of a `go-on` that the first one has signed, after these events. */
async function shown(state: string, events: Event[]): Promise<string> {
  await stateWith(at(state), () => events, 'live', plan)
  const without = { side: 'source' as const, silent: [], loses: [], isolated: 'power cut', and: 'Paul Roux' }
  const order: Order = { do: 'go-on', reason: 'fire', without }
  const record = newOrder(order, 'Claire Martin', now())
  const last = readRecords(at(state)).entries.at(-1)
  const text = signedText('run-1', record, { entries: last?.sequence ?? 0, hash: last?.hash ?? '' })
  const signatures = [await signText(text, at('claire'))]
  sendRecord(at(state), 'run-1', { ...record, signed: { text, signatures } })
  const typed = await line.type('countersign', '--key', at('paul'), '--plan', plan, '--state', at(state))
  return typed.stderr
}

describe('the second person, before signing that a run goes on without the source,', () => {
  it('sees which hosts were silent, that nothing leads back, and who has signed', async () => {
    const said = await shown('silent', [{ type: 'site.asked', side: 'source', silent: ['alpha'] }])
    expect(said).toContain('Montpellier: no answer from alpha.')
    expect(said).toContain('Isolated, as stated: power cut')
    expect(said).toContain('Signed by Claire Martin. Not yet signed by Paul Roux.')
    expect(said).toContain('no rollback is possible afterwards')
    expect(said).not.toContain('Nothing is known to be lost')
  })

  it('sees that no host is known to be silent', async () => {
    const said = await shown('unasked', [])
    expect(said).toContain('Montpellier: none of its hosts is known to be silent.')
    expect(said).not.toContain('no answer from')
  })
})

it('who gives the target up sees what is lost, and that nobody has signed yet', () => {
  const say = ({ key, values }: Text): string => `${key} ${JSON.stringify(values ?? {})}`
  const two: Text = { key: 'cli.rollback.twoPeople', values: { and: 'Paul Roux' } }
  const loses = [{ component: 'media', text: [{ key: 'cli.status.next' } as Text], figures: {} }]
  const given: SignedGivenUp = {
    side: 'target',
    silent: ['beta'],
    loses,
    isolated: 'power',
    and: 'Paul Roux',
  }
  const textOf = (one: SignedGivenUp): string[] =>
    givenUpLines({ say }, one, 'Toulouse', two).map(spans => spans.map(({ text }) => text).join(''))
  expect(textOf(given)).toEqual([
    'cli.rollback.silent {"site":"Toulouse","hosts":"beta"}',
    'cli.rollback.isolated {"isolated":"power"}',
    'cli.rollback.twoPeople {"and":"Paul Roux"}',
    'cli.rollback.loses {}',
    '  media: cli.status.next {}',
  ])
  expect(textOf({ ...given, loses: [] })).toContain('cli.rollback.losesNothing {}')
})
