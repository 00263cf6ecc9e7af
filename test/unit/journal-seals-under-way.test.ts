import { generateKeyPairSync } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import type { Event } from '../../src/model/event.ts'
import type { Seal } from '../../src/model/roles.ts'
import { JournalSeals, type SealHost } from '../../src/run/seals.ts'
import { Night, willing } from '../doubles/night.ts'
import { RecordingWorld } from '../doubles/recording-world.ts'
import { VirtualClock } from '../doubles/virtual-clock.ts'
import { aGate, aPlan, aRunbook, aStep } from '../helpers/small-runbook.ts'

const { privateKey } = generateKeyPairSync('ed25519')

/** A journal whose entries are counted, its copy, and a host that keeps seals. */
function sealing(keep: (seal: Seal) => Promise<void> = async () => {}) {
  const world = { entries: 3, copied: 0, sealed: [] as number[], failsWith: undefined as Error | undefined }
  const host: SealHost = {
    ...{ host: 't-db', side: 'target' },
    keep: async seal => {
      await keep(seal)
      world.sealed.push(seal.entries)
    },
  }
  const hashes = (): string[] => {
    if (world.failsWith) throw world.failsWith
    return Array.from({ length: world.entries }, (_, index) => String(index).padStart(64, '0'))
  }
  const copies = {
    bring: async () => {
      const { entries } = world
      await new Promise(setImmediate)
      world.copied = entries
    },
  }
  const seals = new JournalSeals([host], { hashes }, 'bascule/test/one', privateKey, { copies })
  return { world, seals, copies, host }
}

const toldBy = (seals: JournalSeals) => seals.changes().map(({ type }) => type)

describe('a seal', () => {
  it('that cannot be made is told, never thrown, and the next one is made', async () => {
    const { world, seals } = sealing()
    world.failsWith = new Error('the disk is gone')
    await Promise.all([seals.seal(), seals.seal()])
    const why = { key: 'run.defect', values: { message: 'the disk is gone' } }
    expect(seals.changes()).toEqual([{ type: 'note', text: why }])
    world.failsWith = undefined
    await seals.seal()
    expect([world.sealed, toldBy(seals)]).toEqual([[3], ['journal.sealed']])
  })

  it('that a host refuses at once, without a promise, is told of that host alone', async () => {
    const { seals, host } = sealing()
    host.keep = () => {
      throw new Error('no such place')
    }
    await seals.seal()
    const why = { key: 'run.defect', values: { message: 'no such place' } }
    expect(seals.changes()).toMatchObject([{ hosts: [], missing: [{ host: 't-db', why }] }])
  })

  it('is of entries that the copies have, also when others are written meanwhile', async () => {
    const seen: number[] = []
    const { world, seals } = sealing(async ({ entries }) => void seen.push(world.copied - entries))
    const one = seals.seal()
    await Promise.resolve()
    world.entries = 9
    await Promise.all([one, seals.seal()])
    expect(seen.every(ahead => ahead >= 0)).toBe(true)
    expect(world.sealed.at(-1)).toBe(9)
  })

  it('is not made by a program that the copies refuse', async () => {
    const { world, seals, copies } = sealing()
    copies.bring = async () => {
      throw new Error('another program holds the sites')
    }
    await seals.seal()
    expect([world.sealed, seals.changes()]).toEqual([[], []])
  })
})

describe('when the program ends', () => {
  it('a seal under way is waited for, and one that waits for it is not made', async () => {
    const kept = Promise.withResolvers<void>()
    const asked: number[] = []
    const { world, seals } = sealing(async ({ entries }) => {
      asked.push(entries)
      await kept.promise
    })
    const one = seals.seal()
    await expect.poll(() => asked).toEqual([3])
    world.entries = 5
    const other = seals.seal()
    let isClosed = false
    const closed = seals.close().then(() => {
      isClosed = true
    })
    await new Promise(setImmediate)
    expect(isClosed).toBe(false)
    kept.resolve()
    await Promise.all([closed, one, other, seals.seal()])
    expect(asked).toEqual([3])
  })

  it('because its journal fails, its seals are closed before what they stand on', async () => {
    const clock = new VirtualClock()
    const runbook = aRunbook([aStep('a.stop', ['go'])], [aGate('go', [])])
    const night = new Night(
      ...([aPlan(runbook.steps), runbook, clock, new RecordingWorld(clock), willing(runbook)] as const),
    )
    const kept = Promise.withResolvers<void>()
    const ends: string[] = []
    const { seals } = sealing(async () => {
      ends.push('asked')
      await kept.promise
      ends.push('kept')
    })
    night.ports = { seals }
    const append = night.journal.append.bind(night.journal)
    night.journal.append = (run: string, event: Event) => {
      if (event.type === 'step.done') throw new Error('the disk is full')
      return append(run, event)
    }
    const ended = night.carryOut().catch(() => ends.push('ended'))
    await expect.poll(() => ends, { timeout: 5000 }).toEqual(['asked'])
    await new Promise(setImmediate)
    kept.resolve()
    await ended
    expect(ends).toEqual(['asked', 'kept', 'ended'])
  })
})
