import { appendFileSync, cpSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { takeAuthority } from '../../src/cli/authority.ts'
import { openJournal } from '../../src/journal/journal.ts'
import { kind } from '../../src/kinds/authority/index.ts'
import { exitCodes, Failure } from '../../src/model/failure.ts'
import type { Action, Kind } from '../../src/model/kind.ts'
import type { Plan } from '../../src/model/plan.ts'
import { systemClock } from '../../src/run/clock.ts'
import { JournalCopies } from '../../src/run/journal-copies.ts'
import { takeLock } from '../../src/run/lock.ts'
import { sealKey } from '../../src/run/seal-key.ts'
import { type SessionInput, startRun } from '../../src/run/session.ts'
import type { OpenState } from '../../src/run/state.ts'
import { readRecords } from '../../src/run/stored-runs.ts'
import { VirtualClock } from '../doubles/virtual-clock.ts'
import { type LocalSites, localSites } from '../helpers/local-sites.ts'
import { aPlan, aStep } from '../helpers/small-runbook.ts'
import { temporaryFolder } from '../helpers/temporary-folder.ts'

const home = temporaryFolder('copies')

const host = (ssh: string) => ({ ssh, address: ssh, become: 'sudo' as const })
const base = aPlan([aStep('a.act')])
const plan: Plan = {
  ...base,
  sites: {
    source: { id: 's', title: 'S', hosts: { database: host('s-db'), files: host('s-files') } },
    target: { id: 't', title: 'T', hosts: { database: host('t-db') } },
  },
  components: {
    ...base.components,
    authority: {
      ...{
        id: 'authority',
        kind: 'authority',
        title: '',
        criticality: 'critical',
        owner: '',
        needs: [],
        spec: {},
      },
    },
  },
}
let count = 0
let directory = ''
let sites: LocalSites

beforeEach(() => {
  directory = join(home, String(++count))
  sites = localSites(join(home, `sites-${count}`), plan.name)
})

/** A state directory opened by a program of its own, with folders in place of hosts. */
function opened(at = directory) {
  const journal = openJournal(join(at, 'journal.db'), { redact: value => value })
  const lock = takeLock(at, 'marie', 'run', systemClock.now().toString())
  const transport = { ioFor: () => sites.io }
  const state = { lock, journal, transport, sealKey: () => sealKey(at) } as unknown as OpenState
  const close = (): void => {
    lock.release()
    journal.close()
  }
  return { state, journal, lock, close, take: () => takeAuthority({ authority: kind }, true)(state, plan) }
}

const note = { type: 'note', text: { key: 'test.step' } } as const

describe('the copies of the journal', () => {
  it('are at the first host of each site, entry by entry, readable by nobody else', async () => {
    const { journal, take, close } = opened()
    for (let entry = 0; entry < 40; entry++) journal.append('run', note)
    const authority = await take()
    await authority.check()
    journal.append('run', note)
    await authority.check()
    for (const name of ['s-db', 't-db']) {
      expect(sites.copyAt(name).map(({ hash }) => hash)).toEqual(journal.entries().map(({ hash }) => hash))
      expect(statSync(sites.fileOf(name, 'journal.jsonl')).mode & 0o777).toBe(0o600)
    }
    expect(sites.copyAt('s-files')).toEqual([])
    await authority.copies?.close()
    close()
  })

  it('tell a program on a copy of the state directory what the first one wrote while it claimed', async () => {
    const first = opened()
    first.journal.append('run', note)
    const authority = await first.take()
    await authority.check()
    cpSync(directory, `${directory}-copy`, { recursive: true })
    const second = opened(`${directory}-copy`)
    let meanwhile: Promise<void> | undefined
    const io = {
      ...sites.io,
      change: async (...call: Parameters<typeof sites.io.change>) => {
        if (call[1].includes('write-authority.sh')) {
          if (meanwhile === undefined) first.journal.append('run', note)
          meanwhile ??= authority.check()
          await meanwhile
        }
        return sites.io.change(...call)
      },
    }
    const state = { ...second.state, transport: { ioFor: () => io } } as unknown as OpenState
    await expect(takeAuthority({ authority: kind }, true)(state, plan)).rejects.toMatchObject({
      text: { key: 'run.journalBehind', values: { entries: 2 } },
      exitCode: exitCodes.locked,
    })
    second.close()
    await authority.copies?.close()
    first.close()
  })

  it('go on after an answer that was lost, and after a power cut in the middle of a line', async () => {
    const { journal, take, close } = opened()
    journal.append('run', note)
    const authority = await take()
    await authority.check()
    const file = sites.fileOf('t-db', 'journal.jsonl')
    journal.append('run', note)
    // what came is there, though its sender never heard of it; of what comes next, a part
    appendFileSync(file, `${journal.linesSince(1)[0]}\n${'{"sequence":3,"previous'}`)
    journal.append('run', note)
    await authority.check()
    expect(sites.copyAt('t-db').map(({ hash }) => hash)).toEqual(journal.entries().map(({ hash }) => hash))
    await authority.copies?.close()
    close()
  })

  it('a host that cannot be reached is told, left alone, and caught up with', async () => {
    const { journal, close } = opened()
    const clock = new VirtualClock()
    const role = kind.provides?.journalCopies?.({
      component: plan.components.authority as never,
      plan,
      facts: {},
    })
    const claimant = { planName: plan.name, fencingNumber: 1, holder: 'ops', lineage: 'one' }
    const asked: string[] = []
    const append = (name: string) => (lines: readonly string[]) => {
      asked.push(name)
      return role?.append(name, claimant, lines, sites.io) as never
    }
    const places = [
      { host: 's-db', side: 'source' as const },
      { host: 't-db', side: 'target' as const },
    ]
    const claimStands = async () => true
    const hosts = places.map(place => ({ ...place, append: append(place.host), claimStands }))
    const copies = new JournalCopies(hosts, journal, clock)
    journal.append('run', note)
    await copies.bring()
    expect(copies.changes()).toEqual([])
    sites.dead.add('t-db')
    for (let entry = 0; entry < 3; entry++) {
      journal.append('run', note)
      await copies.bring()
    }
    expect(copies.changes()).toEqual([
      {
        type: 'copy.lost',
        host: 't-db',
        why: { key: 'transport.unreachable', values: { host: 't-db', detail: '' } },
      },
    ])
    expect([sites.copyAt('s-db').length, sites.copyAt('t-db').length]).toEqual([4, 1])
    sites.dead.clear()
    await expect.poll(() => copies.changes()).toEqual([{ type: 'copy.back', host: 't-db' }])
    expect(sites.copyAt('t-db').length).toBe(4)
    asked.length = 0
    await Promise.all([copies.bring(), copies.bring(), copies.bring()])
    expect(asked.toSorted()).toEqual(['s-db', 't-db'])
    asked.length = 0
    for (const without of ['target', undefined] as const) await copies.bring(without)
    expect(asked).toEqual(['s-db', 's-db'])
    await copies.close()
    close()
  })
})

describe('while a copy is lost', () => {
  it('its host is asked before each act who may act there, as soon as it answers', async () => {
    const first = opened()
    first.journal.append('run', note)
    const authority = await first.take()
    await authority.check()
    for (const name of ['s-db', 't-db']) sites.dead.add(name)
    // nobody can be asked, and nothing can be changed there either
    await authority.check()
    expect(authority.copies?.changes()).toMatchObject([{ type: 'copy.lost' }, { type: 'copy.lost' }])
    sites.dead.clear()
    for (const name of ['s-db', 't-db']) {
      const file = sites.fileOf(name, 'authority.json')
      writeFileSync(file, readFileSync(file, 'utf8').replace('"fencingNumber":1', '"fencingNumber":2'))
    }
    await expect(authority.check()).rejects.toMatchObject({ exitCode: exitCodes.locked })
    await authority.copies?.close().catch(() => {})
    first.close()
  })

  it('who may act cannot be read: nothing is done, as without copies', async () => {
    const first = opened()
    first.journal.append('run', note)
    const authority = await first.take()
    await authority.check()
    writeFileSync(sites.fileOf('t-db', 'authority.json'), 'hello\n')
    await expect(authority.check()).rejects.toMatchObject({ text: { key: 'authority.unreadable' } })
    await authority.copies?.close()
    first.close()
  })

  it('a host that does not take entries which follow its last one is left alone after three rounds', async () => {
    const { journal, close } = opened()
    journal.append('run', note)
    const [head] = journal.entries()
    journal.append('run', note)
    let asked = 0
    const append = async () => {
      if (++asked > 9) throw new Error('asked without end')
      return { taken: false, head: { entries: 1, hash: head?.hash ?? '' } }
    }
    const place = { host: 't-db', side: 'target' as const, claimStands: async () => true }
    const copies = new JournalCopies([{ ...place, append }], journal, new VirtualClock())
    await copies.bring()
    expect(asked).toBe(3)
    expect(copies.changes()).toMatchObject([{ type: 'copy.lost', why: { key: 'run.copyNotTaken' } }])
    await copies.close()
    close()
  })

  it('calls that had waited for the one that failed tell it once', async () => {
    const { journal, close } = opened()
    const clock = new VirtualClock()
    const failed = Promise.withResolvers<never>()
    const place = { host: 't-db', side: 'target' as const, claimStands: async () => true }
    const copies = new JournalCopies([{ ...place, append: () => failed.promise }], journal, clock)
    const one = copies.bring()
    await new Promise(setImmediate)
    const other = copies.bring()
    failed.reject(
      new Failure(
        { key: 'transport.unreachable', values: { host: 't-db', detail: '' } },
        { code: 'unreachable' },
      ),
    )
    await Promise.all([one, other])
    expect(copies.changes()).toMatchObject([{ type: 'copy.lost' }])
    await copies.close()
    close()
  })
})

describe('a copy that is of another journal', () => {
  const altered = async () => {
    const first = opened()
    first.journal.append('run', note)
    const authority = await first.take()
    await authority.check()
    const file = sites.fileOf('t-db', 'journal.jsonl')
    writeFileSync(file, readFileSync(file, 'utf8').replace(/"hash":"[0-9a-f]{4}/, '"hash":"0000'))
    first.journal.append('run', note)
    return { authority, first }
  }

  it('where this program’s claim stands was altered there: the run says so and goes on', async () => {
    const { authority, first } = await altered()
    await authority.check()
    expect(authority.copies?.changes()).toMatchObject([
      {
        type: 'copy.lost',
        host: 't-db',
        why: { key: 'run.copyAltered', values: { host: 't-db', entries: 1 } },
      },
    ])
    await authority.copies?.close()
    first.close()
  })

  it('where its claim does not stand may be that of another program: it ends', async () => {
    const { authority, first } = await altered()
    const file = sites.fileOf('t-db', 'authority.json')
    writeFileSync(file, readFileSync(file, 'utf8').replace('"fencingNumber":1', '"fencingNumber":0'))
    await expect(authority.check()).rejects.toMatchObject({ text: { key: 'run.journalOther' }, exitCode: 75 })
    await authority.copies?.close()
    first.close()
  })
})

describe('a program whose journal is behind', () => {
  it('is refused, however often it tries, and no try raises a number', async () => {
    const first = opened()
    first.journal.append('run', note)
    const begun = await first.take()
    await begun.check()
    await begun.copies?.close()
    first.close()
    const older = `${directory}-older`
    cpSync(directory, older, { recursive: true })

    const living = opened()
    const going = await living.take()
    living.journal.append('run', note)
    await going.check()
    for (let time = 0; time < 5; time++) {
      const rival = opened(older)
      await expect(rival.take()).rejects.toMatchObject({
        text: { key: 'run.journalBehind', values: { host: 's-db', entries: 2 } },
        remedy: { key: 'run.journalBehind.remedy' },
        exitCode: exitCodes.locked,
      })
      expect(rival.lock.number).toBe(1)
      rival.close()
    }
    await going.check()
    expect(going.fencingNumber).toBe(2)
    await going.copies?.close()
    living.close()
  })

  it('is refused when another has gone on meanwhile, before it acts', async () => {
    const first = opened()
    first.journal.append('run', note)
    const begun = await first.take()
    await begun.check()
    const copied = `${directory}-copied`
    cpSync(directory, copied, { recursive: true })

    const second = opened(copied)
    const taken = await second.take()
    second.journal.append('run', note)
    await taken.check()
    expect(taken.fencingNumber).toBe(begun.fencingNumber + 1)
    first.journal.append('run', note)
    await expect(begun.check()).rejects.toMatchObject({ exitCode: exitCodes.locked })
    expect(() => begun.copies?.changes()).toThrow()
    expect(sites.copyAt('s-db').map(({ hash }) => hash)).toEqual(
      second.journal.entries().map(({ hash }) => hash),
    )
    await begun.copies?.close()
    first.close()
    await taken.copies?.close()
    second.close()
  })

  it('is refused when its chain is another, however long it is', async () => {
    const first = opened()
    first.journal.append('run', note)
    await (await first.take()).check()
    first.close()
    const other = opened(`${directory}-other`)
    for (let entry = 0; entry < 9; entry++) other.journal.append('run', note)
    await expect(other.take()).rejects.toMatchObject({ text: { key: 'run.journalOther' }, exitCode: 75 })
    other.close()
  })

  it('what a host holds that Bascule did not write is no copy: the run says so and goes on', async () => {
    const first = opened()
    first.journal.append('run', note)
    await (await first.take()).check()
    writeFileSync(sites.fileOf('t-db', 'journal.jsonl'), 'a note by a person\n')
    first.journal.append('run', note)
    const again = await first.take()
    await again.check()
    expect(again.copies?.changes()).toMatchObject([{ type: 'copy.lost', host: 't-db' }])
    expect(readFileSync(sites.fileOf('t-db', 'journal.jsonl'), 'utf8')).toBe('a note by a person\n')
    await again.copies?.close()
    first.close()
  })
})

describe('numbers', () => {
  it('are not raised by a look', () => {
    for (let look = 0; look < 4; look++) opened().close()
    const last = opened()
    expect(last.lock.number).toBe(0)
    last.close()
  })

  it('are raised by a claim that was won, also after a program that died in the middle of its own', async () => {
    const first = opened()
    first.journal.append('run', note)
    await (await first.take()).check()
    first.close()
    const dying = opened()
    // it counted, and was killed before anybody else heard of it
    dying.lock.count(2)
    dying.close()
    const next = opened()
    expect((await next.take()).fencingNumber).toBe(3)
    next.close()
  })

  it('go past those of a program that had claimed and written nothing, when no entry is missing', async () => {
    const first = opened()
    first.journal.append('run', note)
    await (await first.take()).check()
    const claimed = `${directory}-claimed`
    cpSync(directory, claimed, { recursive: true })
    const second = opened(claimed)
    await second.take()
    second.close()
    expect((await first.take()).fencingNumber).toBe(3)
    first.close()
  })
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
    ...{ kinds, plan: given, stateDirectory: directory, by: 'marie' },
    takeAuthority: (state, own) =>
      takeAuthority({ authority: kind }, true)(
        { ...state, transport: { ...state.transport, ioFor: () => sites.io } },
        own,
      ),
  })

  it('has every entry at both sites before a step acts, and when it has ended', async () => {
    const seen: unknown[] = []
    const kinds = kindsThat(() => seen.push(['s-db', 't-db'].map(name => sites.copyAt(name).at(-1)?.event)))
    const audited = {
      ...kinds,
      authority: { ...kinds.authority, audit: async () => ({}), findings: () => [] } as Kind,
    }
    const { ended } = await startRun({ ...session(audited, plan), mode: 'preparation' })
    expect(ended).toBe('prepared')
    const started = { type: 'step.started', step: 'a.act', attempt: 1 }
    expect(seen).toEqual([[started, started]])
    const { entries } = readRecords(directory)
    for (const name of ['s-db', 't-db'])
      expect(sites.copyAt(name).map(({ hash }) => hash)).toEqual(entries.map(({ hash }) => hash))
  })

  it('goes on without a host, and its journal says since when', async () => {
    const kinds = kindsThat(() => {})
    const audited = {
      ...kinds,
      authority: { ...kinds.authority, audit: async () => ({}), findings: () => [] } as Kind,
    }
    kinds.authority = audited.authority
    const inner = session(audited, plan)
    const cutAfterClaim: SessionInput['takeAuthority'] = async (state, own) => {
      const taken = await inner.takeAuthority(state, own)
      sites.dead.add('t-db')
      return taken
    }
    const { ended, run } = await startRun({ ...inner, takeAuthority: cutAfterClaim, mode: 'preparation' })
    expect(ended).toBe('prepared')
    expect(run.copiesLost).toMatchObject({ 't-db': { why: { key: 'transport.unreachable' } } })
    expect(sites.copyAt('s-db').length).toBeGreaterThan(5)
  })

  it('says so when the plan has nobody who keeps a copy', async () => {
    const kinds = kindsThat(() => {})
    await startRun({
      ...session(kinds, base),
      takeAuthority: async () => ({ fencingNumber: 1, check: async () => {} }),
      mode: 'preparation',
    })
    const notes = readRecords(directory).entries.flatMap(({ event }) =>
      event.type === 'note' ? [event.text.key] : [],
    )
    expect(notes).toEqual(['run.noCopy'])
  })
})
