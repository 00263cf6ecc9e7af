import { appendFileSync, cpSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { beforeEach, describe, expect, it } from 'vitest'
import { takeAuthority } from '../../src/cli/authority.ts'
import { kind } from '../../src/kinds/authority/index.ts'
import { exitCodes, Failure } from '../../src/model/failure.ts'
import { JournalCopies } from '../../src/run/journal-copies.ts'
import type { OpenState } from '../../src/run/state.ts'
import { VirtualClock } from '../doubles/virtual-clock.ts'
import { CopyBench, note, planWithCopies } from '../helpers/copy-bench.ts'
import { temporaryFolder } from '../helpers/temporary-folder.ts'

const home = temporaryFolder('copies')
let bench: CopyBench
beforeEach(() => {
  bench = new CopyBench(home)
})

describe('the copies of the journal', () => {
  it('are at the first host of each site, entry by entry, readable by nobody else', async () => {
    const { journal, take, close } = bench.opened()
    for (let entry = 0; entry < 40; entry++) journal.append('run', note)
    const authority = await take()
    await authority.check()
    journal.append('run', note)
    await authority.check()
    for (const name of ['s-db', 't-db']) {
      expect(bench.sites.copyAt(name).map(({ hash }) => hash)).toEqual(
        journal.entries().map(({ hash }) => hash),
      )
      expect(statSync(bench.sites.fileOf(name, 'journal.jsonl')).mode & 0o777).toBe(0o600)
    }
    expect(bench.sites.copyAt('s-files')).toEqual([])
    await authority.copies?.close()
    close()
  })

  it('tell a program on a copy of the state directory what the first one wrote while it claimed', async () => {
    const first = bench.opened()
    first.journal.append('run', note)
    const authority = await first.take()
    await authority.check()
    cpSync(bench.directory, `${bench.directory}-copy`, { recursive: true })
    const second = bench.opened(`${bench.directory}-copy`)
    let meanwhile: Promise<void> | undefined
    const io = {
      ...bench.sites.io,
      change: async (...call: Parameters<typeof bench.sites.io.change>) => {
        if (call[1].includes('write-authority.sh')) {
          if (meanwhile === undefined) first.journal.append('run', note)
          meanwhile ??= authority.check()
          await meanwhile
        }
        return bench.sites.io.change(...call)
      },
    }
    const state = { ...second.state, transport: { ioFor: () => io } } as unknown as OpenState
    await expect(takeAuthority({ authority: kind }, true)(state, planWithCopies)).rejects.toMatchObject({
      text: { key: 'run.journalBehind', values: { entries: 2 } },
      exitCode: exitCodes.locked,
    })
    second.close()
    await authority.copies?.close()
    first.close()
  })

  it('go on after an answer that was lost, and after a power cut in the middle of a line', async () => {
    const { journal, take, close } = bench.opened()
    journal.append('run', note)
    const authority = await take()
    await authority.check()
    const file = bench.sites.fileOf('t-db', 'journal.jsonl')
    journal.append('run', note)
    // what came is there, though its sender never heard of it; of what comes next, a part
    appendFileSync(file, `${journal.linesSince(1)[0]}\n${'{"sequence":3,"previous'}`)
    journal.append('run', note)
    await authority.check()
    expect(bench.sites.copyAt('t-db').map(({ hash }) => hash)).toEqual(
      journal.entries().map(({ hash }) => hash),
    )
    await authority.copies?.close()
    close()
  })

  it('a host that cannot be reached is told, left alone, and caught up with', async () => {
    const { journal, close } = bench.opened()
    const clock = new VirtualClock()
    const role = kind.provides?.journalCopies?.({
      component: planWithCopies.components.authority as never,
      plan: planWithCopies,
      facts: {},
    })
    const claimant = { planName: planWithCopies.name, fencingNumber: 1, holder: 'ops', lineage: 'one' }
    const asked: string[] = []
    const append = (name: string) => (lines: readonly string[]) => {
      asked.push(name)
      return role?.append(name, claimant, lines, bench.sites.io) as never
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
    bench.sites.dead.add('t-db')
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
    expect([bench.sites.copyAt('s-db').length, bench.sites.copyAt('t-db').length]).toEqual([4, 1])
    bench.sites.dead.clear()
    await expect.poll(() => copies.changes()).toEqual([{ type: 'copy.back', host: 't-db' }])
    expect(bench.sites.copyAt('t-db').length).toBe(4)
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
    const first = bench.opened()
    first.journal.append('run', note)
    const authority = await first.take()
    await authority.check()
    for (const name of ['s-db', 't-db']) bench.sites.dead.add(name)
    // nobody can be asked, and nothing can be changed there either
    await authority.check()
    expect(authority.copies?.changes()).toMatchObject([{ type: 'copy.lost' }, { type: 'copy.lost' }])
    bench.sites.dead.clear()
    for (const name of ['s-db', 't-db']) {
      const file = bench.sites.fileOf(name, 'authority.json')
      writeFileSync(file, readFileSync(file, 'utf8').replace('"fencingNumber":1', '"fencingNumber":2'))
    }
    await expect(authority.check()).rejects.toMatchObject({ exitCode: exitCodes.locked })
    await authority.copies?.close().catch(() => {})
    first.close()
  })

  it('who may act cannot be read: nothing is done, as without copies', async () => {
    const first = bench.opened()
    first.journal.append('run', note)
    const authority = await first.take()
    await authority.check()
    writeFileSync(bench.sites.fileOf('t-db', 'authority.json'), 'hello\n')
    await expect(authority.check()).rejects.toMatchObject({ text: { key: 'authority.unreadable' } })
    await authority.copies?.close()
    first.close()
  })

  it('a host that does not take entries which follow its last one is left alone after three rounds', async () => {
    const { journal, close } = bench.opened()
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
    const { journal, close } = bench.opened()
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
    const first = bench.opened()
    first.journal.append('run', note)
    const authority = await first.take()
    await authority.check()
    const file = bench.sites.fileOf('t-db', 'journal.jsonl')
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
    const file = bench.sites.fileOf('t-db', 'authority.json')
    writeFileSync(file, readFileSync(file, 'utf8').replace('"fencingNumber":1', '"fencingNumber":0'))
    await expect(authority.check()).rejects.toMatchObject({ text: { key: 'run.journalOther' }, exitCode: 75 })
    await authority.copies?.close()
    first.close()
  })
})
