import { cpSync, readFileSync, writeFileSync } from 'node:fs'
import { beforeEach, describe, expect, it } from 'vitest'
import { exitCodes } from '../../src/model/failure.ts'
import { CopyBench, note } from '../helpers/copy-bench.ts'
import { temporaryFolder } from '../helpers/temporary-folder.ts'

const home = temporaryFolder('copies')
let bench: CopyBench
beforeEach(() => {
  bench = new CopyBench(home)
})

describe('a program whose journal is behind', () => {
  it('is refused, however often it tries, and no try raises a number', async () => {
    const first = bench.opened()
    first.journal.append('run', note)
    const begun = await first.take()
    await begun.check()
    await begun.copies?.close()
    first.close()
    const older = `${bench.directory}-older`
    cpSync(bench.directory, older, { recursive: true })

    const living = bench.opened()
    const going = await living.take()
    living.journal.append('run', note)
    await going.check()
    for (let time = 0; time < 5; time++) {
      const rival = bench.opened(older)
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
    const first = bench.opened()
    first.journal.append('run', note)
    const begun = await first.take()
    await begun.check()
    const copied = `${bench.directory}-copied`
    cpSync(bench.directory, copied, { recursive: true })

    const second = bench.opened(copied)
    const taken = await second.take()
    second.journal.append('run', note)
    await taken.check()
    expect(taken.fencingNumber).toBe(begun.fencingNumber + 1)
    first.journal.append('run', note)
    await expect(begun.check()).rejects.toMatchObject({ exitCode: exitCodes.locked })
    expect(() => begun.copies?.changes()).toThrow()
    expect(bench.sites.copyAt('s-db').map(({ hash }) => hash)).toEqual(
      second.journal.entries().map(({ hash }) => hash),
    )
    await begun.copies?.close()
    first.close()
    await taken.copies?.close()
    second.close()
  })

  it('is refused when its chain is another, however long it is', async () => {
    const first = bench.opened()
    first.journal.append('run', note)
    await (await first.take()).check()
    first.close()
    const other = bench.opened(`${bench.directory}-other`)
    for (let entry = 0; entry < 9; entry++) other.journal.append('run', note)
    await expect(other.take()).rejects.toMatchObject({ text: { key: 'run.journalOther' }, exitCode: 75 })
    other.close()
  })

  it('what a host holds that Bascule did not write is no copy: the run says so and goes on', async () => {
    const first = bench.opened()
    first.journal.append('run', note)
    await (await first.take()).check()
    writeFileSync(bench.sites.fileOf('t-db', 'journal.jsonl'), 'a note by a person\n')
    first.journal.append('run', note)
    const again = await first.take()
    await again.check()
    expect(again.copies?.changes()).toMatchObject([{ type: 'copy.lost', host: 't-db' }])
    expect(readFileSync(bench.sites.fileOf('t-db', 'journal.jsonl'), 'utf8')).toBe('a note by a person\n')
    await again.copies?.close()
    first.close()
  })
})

describe('numbers', () => {
  it('are not raised by a look', () => {
    for (let look = 0; look < 4; look++) bench.opened().close()
    const last = bench.opened()
    expect(last.lock.number).toBe(0)
    last.close()
  })

  it('are raised by a claim that was won, also after a program that died in the middle of its own', async () => {
    const first = bench.opened()
    first.journal.append('run', note)
    await (await first.take()).check()
    first.close()
    const dying = bench.opened()
    // it counted, and was killed before anybody else heard of it
    dying.lock.count(2)
    dying.close()
    const next = bench.opened()
    expect((await next.take()).fencingNumber).toBe(3)
    next.close()
  })

  it('go past those of a program that had claimed and written nothing, when no entry is missing', async () => {
    const first = bench.opened()
    first.journal.append('run', note)
    await (await first.take()).check()
    const claimed = `${bench.directory}-claimed`
    cpSync(bench.directory, claimed, { recursive: true })
    const second = bench.opened(claimed)
    await second.take()
    second.close()
    expect((await first.take()).fencingNumber).toBe(3)
    first.close()
  })
})
