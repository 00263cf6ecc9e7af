import { beforeEach, describe, expect, it } from 'vitest'
import { takeAuthority } from '../../src/cli/authority.ts'
import { kind } from '../../src/kinds/authority/index.ts'
import type { Action, Kind } from '../../src/model/kind.ts'
import type { Plan } from '../../src/model/plan.ts'
import { type SessionInput, startRun } from '../../src/run/session.ts'
import { readRecords } from '../../src/run/stored-runs.ts'
import { CopyBench, planWithCopies, planWithoutCopies } from '../helpers/copy-bench.ts'
import { aStep } from '../helpers/small-runbook.ts'
import { temporaryFolder } from '../helpers/temporary-folder.ts'

const home = temporaryFolder('copies')
let bench: CopyBench
beforeEach(() => {
  bench = new CopyBench(home)
})

describe('a run', () => {
  /** At a site without hosts of its own: what is seen there when a step acts. */
  const kindsThat = (act: () => void): Record<string, Kind> => {
    const action: Action = {
      isDone: async () => false,
      apply: async () => {
        act()
        return undefined
      },
      undo: async () => act(),
    }
    const { component: _, kind: __, owner: ___, id: ____, ...step } = aStep('a.act')
    const double = {
      kind: 'double',
      audit: async () => ({}),
      findings: () => [],
      plan: () => [{ ...step, name: 'act', action: 'act', stage: 'seed' as const }],
      actions: { act: action },
      measures: {},
    } as Partial<Kind> as Kind
    return { double, authority: { ...kind, plan: () => [] } as Kind }
  }
  const session = (kinds: Record<string, Kind>, given: Plan): SessionInput & { plan: Plan } => ({
    ...{ kinds, plan: given, stateDirectory: bench.directory, by: 'marie' },
    takeAuthority: (state, own) =>
      takeAuthority({ authority: kind }, true)(
        { ...state, transport: { ...state.transport, ioFor: () => bench.sites.io } },
        own,
      ),
  })

  it('has every entry at both sites before a step acts, and when it has ended', async () => {
    const seen: unknown[] = []
    const kinds = kindsThat(() =>
      seen.push(['s-db', 't-db'].map(name => bench.sites.copyAt(name).at(-1)?.event)),
    )
    const audited = {
      ...kinds,
      authority: { ...kinds.authority, audit: async () => ({}), findings: () => [] } as Kind,
    }
    const { ended } = await startRun({ ...session(audited, planWithCopies), mode: 'preparation' })
    expect(ended).toBe('prepared')
    const started = { type: 'step.started', step: 'a.act', attempt: 1 }
    expect(seen).toEqual([[started, started]])
    const { entries } = readRecords(bench.directory)
    for (const name of ['s-db', 't-db'])
      expect(bench.sites.copyAt(name).map(({ hash }) => hash)).toEqual(entries.map(({ hash }) => hash))
  })

  it('goes on without a host, and its journal says since when', async () => {
    const kinds = kindsThat(() => {})
    const audited = {
      ...kinds,
      authority: { ...kinds.authority, audit: async () => ({}), findings: () => [] } as Kind,
    }
    kinds.authority = audited.authority
    const inner = session(audited, planWithCopies)
    const cutAfterClaim: SessionInput['takeAuthority'] = async (state, own) => {
      const taken = await inner.takeAuthority(state, own)
      bench.sites.dead.add('t-db')
      return taken
    }
    const { ended, run } = await startRun({ ...inner, takeAuthority: cutAfterClaim, mode: 'preparation' })
    expect(ended).toBe('prepared')
    expect(run.copiesLost).toMatchObject({ 't-db': { why: { key: 'transport.unreachable' } } })
    expect(bench.sites.copyAt('s-db').length).toBeGreaterThan(5)
  })

  it('says so when the plan has nobody who keeps a copy', async () => {
    const kinds = kindsThat(() => {})
    await startRun({
      ...session(kinds, planWithoutCopies),
      takeAuthority: async () => ({ fencingNumber: 1, check: async () => {} }),
      mode: 'preparation',
    })
    const notes = readRecords(bench.directory).entries.flatMap(({ event }) =>
      event.type === 'note' ? [event.text.key] : [],
    )
    expect(notes).toEqual(['run.noCopy'])
  })
})
