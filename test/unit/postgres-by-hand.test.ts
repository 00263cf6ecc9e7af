import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { createTranslator } from '../../src/i18n/translator.ts'
import { kind } from '../../src/kinds/postgres/index.ts'
import { loadKinds } from '../../src/kinds/registry.ts'
import type { Text } from '../../src/model/text.ts'
import { openPlan } from '../../src/plan/load.ts'
import { compile } from '../../src/runbook/compile.ts'

const say = createTranslator([kind.messages])
const kinds = await loadKinds()
const plan = await openPlan([join(import.meta.dirname, '../../examples/techcorp/plan.yaml')], kinds)
const facts = { database: { sourceDataDirectory: { value: '/data/fifteen main', unit: '', at: '' } } }

/** What a person is told of each undo that is to be done by hand, in every mode, by step. */
const told = new Map<string, Text>(
  (['preparation', 'rehearsal', 'live', 'close'] as const).flatMap(mode =>
    compile({ plan, facts, kinds, mode }).steps.flatMap(({ id, component, undo }) =>
      component === 'database' && undo.possible ? [[id, undo.byHand] as const] : [],
    ),
  ),
)
/** Nothing was done there. */
told.delete('database.drain')

describe('an undo of PostgreSQL that a person does by hand', () => {
  it('was found for every step', () => {
    expect([...told.keys()]).toEqual(
      expect.arrayContaining([
        'database.seed',
        'database.fence',
        'database.promote',
        'database.reverse',
        'database.retire',
      ]),
    )
  })

  it.each([...told])('%s has commands ready to paste, the same in both languages', (_step, text) => {
    const [english, french] = (['en', 'fr'] as const).map(language => commandsIn(say(text, language)))
    expect(english).toEqual(french)
    expect(english?.filter(command => command.startsWith('runuser') || command.includes('ctl'))).not.toEqual(
      [],
    )
    for (const command of english ?? []) execFileSync('sh', ['-n', '-c', command])
  })

  it('names the hosts, ports and folders of the plan and the audit', () => {
    const spoken = (step: string): string => say(told.get(step) as Text, 'en')
    expect(spoken('database.pause')).toContain(
      "runuser -u postgres -- psql -X -p 5432 -d postgres -v 'ON_ERROR_STOP=1' -c 'select pg_wal_replay_resume()'",
    )
    expect(spoken('database.stop-source')).toContain("rm -f -- '/data/fifteen main/standby.signal' && rm -f")
    expect(spoken('database.promote')).toContain('/var/lib/postgresql/15/main/standby.signal')
  })

  it('removes the copy only where the original cluster stands beside it', () => {
    const commands = commandsIn(say(told.get('database.seed') as Text, 'en'))
    expect(commands.find(command => command.includes('rm -rf'))).toMatch(
      /^test -e \S+\.before-bascule && rm -rf/,
    )
  })
})

const commandsIn = (sentence: string): string[] =>
  [...sentence.matchAll(/`([^`]+)`/g)].map(([, command = '']) => command)
