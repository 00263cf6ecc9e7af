import { copyFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { beforeAll, describe, expect, test } from 'vitest'
import { openJournal } from '../../src/journal/journal.ts'
import { verifyJournal } from '../../src/journal/read.ts'
import { Failure } from '../../src/model/failure.ts'
import fc from '../helpers/property.ts'
import { temporaryFolder } from '../helpers/temporary-folder.ts'

const directory = temporaryFolder('tampering')
const original = join(directory, 'original.sqlite')
const copy = join(directory, 'copy.sqlite')
const size = 12

beforeAll(() => {
  const journal = openJournal(original, { redact: value => value })
  for (let attempt = 1; attempt <= size; attempt++)
    journal.append(attempt % 2 ? 'night' : 'rehearsal', {
      type: 'step.started',
      step: 'files.delta',
      attempt,
    })
  journal.close()
})

/** A copy in which someone who knows SQLite, and takes the triggers away, has done something. */
function tampered(work: (database: DatabaseSync) => void) {
  rmSync(copy, { force: true })
  copyFileSync(original, copy)
  const database = new DatabaseSync(copy)
  const triggers = database.prepare(`SELECT name FROM sqlite_schema WHERE type = 'trigger'`).all()
  for (const { name } of triggers) database.exec(`DROP TRIGGER ${name}`)
  work(database)
  database.close()
  return verifyJournal(copy)
}

const sequence = fc.integer({ min: 1, max: size })
const column = fc.constantFrom('at', 'run', 'event', 'previousHash', 'hash')

describe('tampering is always found, at the entry where it begins', () => {
  test('a character changed in any column of any entry', () => {
    fc.assert(
      fc.property(sequence, column, fc.nat(), (at, name, where) => {
        const verdict = tampered(database => {
          const text = String(
            database.prepare(`SELECT ${name} AS text FROM entries WHERE sequence = ?`).get(at)?.text,
          )
          const index = where % text.length
          const other = text[index] === 'a' ? 'b' : 'a'
          const changed = text.slice(0, index) + other + text.slice(index + 1)
          database.prepare(`UPDATE entries SET ${name} = ? WHERE sequence = ?`).run(changed, at)
        })
        expect(verdict).toMatchObject({ ok: false, firstBad: { sequence: at, what: 'altered' } })
      }),
      { numRuns: 60 },
    )
  })

  test('the same event written in another way', () => {
    const verdict = tampered(database =>
      database.exec(`UPDATE entries SET event = event || ' ' WHERE sequence = 5`),
    )
    expect(verdict).toMatchObject({ ok: false, firstBad: { sequence: 5, what: 'altered' } })
  })

  test('entries removed anywhere, the last ones too', () => {
    fc.assert(
      fc.property(sequence, fc.integer({ min: 1, max: 4 }), (first, length) => {
        const verdict = tampered(database =>
          database
            .prepare('DELETE FROM entries WHERE sequence BETWEEN ? AND ?')
            .run(first, first + length - 1),
        )
        expect(verdict).toMatchObject({ ok: false, firstBad: { sequence: first, what: 'removed' } })
      }),
      { numRuns: 30 },
    )
  })

  test('entries removed and the rest renumbered', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: size - 1 }), gone => {
        const verdict = tampered(database => {
          database.prepare('DELETE FROM entries WHERE sequence = ?').run(gone)
          database.prepare('UPDATE entries SET sequence = sequence - 1 WHERE sequence > ?').run(gone)
          database.exec('UPDATE head SET entries = entries - 1')
        })
        expect(verdict).toMatchObject({ ok: false, firstBad: { sequence: gone } })
      }),
      { numRuns: size - 1 },
    )
  })

  test('two entries exchanged', () => {
    fc.assert(
      fc.property(sequence, sequence, (one, two) => {
        fc.pre(one !== two)
        const verdict = tampered(database => {
          database.prepare('UPDATE entries SET sequence = -1 WHERE sequence = ?').run(one)
          database.prepare('UPDATE entries SET sequence = ? WHERE sequence = ?').run(one, two)
          database.prepare('UPDATE entries SET sequence = ? WHERE sequence = -1').run(two)
        })
        expect(verdict).toMatchObject({
          ok: false,
          firstBad: { sequence: Math.min(one, two), what: 'altered' },
        })
      }),
      { numRuns: 30 },
    )
  })

  test('an entry added at the end, or a copy of the last', () => {
    const insert = `INSERT INTO entries SELECT ${size + 1}, at, run, event, previousHash, hash FROM entries WHERE sequence = ${size}`
    expect(tampered(database => database.exec(insert))).toMatchObject({
      firstBad: { sequence: size + 1, what: 'inserted' },
    })
    const withHead = `${insert}; UPDATE head SET entries = entries + 1`
    expect(tampered(database => database.exec(withHead))).toMatchObject({
      firstBad: { sequence: size + 1, what: 'altered' },
    })
  })

  test('the end cut off with the seal moved back: found by the seal of the report', () => {
    const head = verifyJournal(original)
    if (!head.ok) throw new Error('the original is sound')
    tampered(database => {
      database.exec(`DELETE FROM entries WHERE sequence > 9`)
      database.exec(`UPDATE head SET entries = 9, hash = (SELECT hash FROM entries WHERE sequence = 9)`)
    })
    expect(verifyJournal(copy)).toMatchObject({ ok: true, entries: 9 })
    expect(verifyJournal(copy, { entries: head.entries, hash: head.headHash })).toMatchObject({
      firstBad: { sequence: 10, what: 'removed' },
    })
  })

  test('the seal removed or changed', () => {
    expect(tampered(database => database.exec('DELETE FROM head'))).toMatchObject({
      firstBad: { what: 'seal' },
    })
    expect(tampered(database => database.exec(`UPDATE head SET hash = 'x'`))).toMatchObject({
      firstBad: { sequence: size, what: 'seal' },
    })
  })

  test('and such a journal is not written to', () => {
    tampered(database => database.exec(`UPDATE entries SET run = 'x' WHERE sequence = 3`))
    const open = () => openJournal(copy, { redact: value => value })
    expect(open).toThrow(Failure)
    expect(open).toThrow(/journal\.bad\.altered/)
  })
})

test('the original is sound', () => {
  expect(tampered(() => undefined)).toMatchObject({ ok: true, entries: size })
})
