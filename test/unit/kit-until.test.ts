import { describe, expect, test } from 'vitest'
import { errorsWait, every, type Look, until } from '../../src/kinds/kit/until.ts'
import { secondsBetween } from '../../src/model/instant.ts'
import type { ReadIo } from '../../src/model/io.ts'
import { recordingIo } from '../doubles/recording.ts'

/** An io whose clock moves only while it sleeps, and the pauses that were taken. */
function waiting(signal?: AbortSignal) {
  const io = recordingIo(signal && { signal })
  const pauses: number[] = []
  const sleep: ReadIo['sleep'] = async seconds => {
    pauses.push(seconds)
    await io.sleep(seconds)
  }
  return { io: { ...io, sleep }, pauses }
}

/** Not yet for so many looks, then their number. */
function notYet<Waiting>(times: number, waiting: (count: number) => Waiting) {
  let count = 0
  return async (): Promise<Look<number, Waiting>> => {
    count += 1
    return count > times ? { done: count } : { waiting: waiting(count) }
  }
}

describe('a wait', () => {
  test('gives the answer of the first look without a pause', async () => {
    const { io, pauses } = waiting()
    expect(await until(io, async () => ({ done: 'ready' }), {})).toBe('ready')
    expect(pauses).toEqual([])
  })

  test('takes longer and longer pauses, up to the longest', async () => {
    const { io, pauses } = waiting()
    const patience = { firstPauseSeconds: 1, longestPauseSeconds: 3 }
    expect(await until(io, notYet(5, String), patience)).toBe(6)
    expect(pauses).toEqual([1, 1.5, 2.25, 3, 3])
  })

  test('takes the same pause, where that is asked for', async () => {
    const { io, pauses } = waiting()
    await until(io, notYet(3, String), every(0.5))
    expect(pauses).toEqual([0.5, 0.5, 0.5])
  })

  test('takes the pause that a look asks for', async () => {
    const { io, pauses } = waiting()
    let left = 7
    const look = async (): Promise<Look<undefined, number>> => {
      const pauseSeconds = Math.min(5, left)
      left -= pauseSeconds
      return pauseSeconds === 0 ? { done: undefined } : { waiting: left, pauseSeconds }
    }
    await until(io, look, {})
    expect(pauses).toEqual([5, 2])
  })

  test('ends after its time with a failure that is made of the last look', async () => {
    const { io } = waiting()
    const from = io.now()
    const patience = {
      seconds: 10,
      ...every(3),
      otherwise: (last: string) => new Error(`not ready: ${last}`),
    }
    await expect(until(io, notYet(99, String), patience)).rejects.toThrow('not ready: 5')
    expect(secondsBetween(from, io.now())).toBe(12)
  })

  test('ends after so many looks', async () => {
    const { io, pauses } = waiting()
    const patience = { looks: 3, otherwise: (last: number) => new Error(`look ${last}`) }
    await expect(until(io, notYet(99, Number), patience)).rejects.toThrow('look 3')
    expect(pauses).toHaveLength(2)
  })

  test('may make do with the last look', async () => {
    const { io } = waiting()
    const patience = { looks: 2, otherwise: (last: number) => ({ done: -last }) }
    expect(await until(io, notYet(99, Number), patience)).toBe(-2)
  })

  test('ends when the attempt is aborted', async () => {
    const stop = new AbortController()
    const { io } = waiting(stop.signal)
    const look = async () => {
      stop.abort(new Error('held'))
      return { waiting: undefined }
    }
    await expect(until(io, look, {})).rejects.toMatchObject({ text: { key: 'transport.aborted' } })
  })
})

describe('errors that count as not yet', () => {
  const failing = (times: number) => {
    const look = notYet(times, count => new Error(`refused ${count}`))
    return async () => {
      const seen = await look()
      if ('waiting' in seen) throw seen.waiting
      return seen
    }
  }

  test('are waited out, and the last is what was waited for', async () => {
    const { io } = waiting()
    expect(await until(io, errorsWait(io, failing(3)), {})).toBe(4)
    const patience = { looks: 2, otherwise: (last: Error) => last }
    await expect(until(io, errorsWait(io, failing(3)), patience)).rejects.toThrow('refused 2')
  })

  test('others are thrown at once', async () => {
    const { io, pauses } = waiting()
    const look = errorsWait(io, failing(3), { isPassing: () => false })
    await expect(until(io, look, {})).rejects.toThrow('refused 1')
    expect(pauses).toEqual([])
  })

  test('are thrown once they have gone on for too long without an answer', async () => {
    const { io, pauses } = waiting()
    const look = errorsWait(io, failing(99), { seconds: 5 })
    await expect(until(io, look, every(2))).rejects.toThrow('refused 4')
    expect(pauses).toHaveLength(3)
  })

  test('have their whole time again after an answer', async () => {
    const { io } = waiting()
    let count = 0
    const look = errorsWait(
      io,
      async () => {
        count += 1
        if (count === 9) return { done: count }
        if (count % 3 === 0) return { waiting: new Error('still at work') }
        throw new Error('refused')
      },
      { seconds: 2 },
    )
    expect(await until(io, look, every(2))).toBe(9)
  })

  test('are thrown when the attempt is aborted', async () => {
    const stop = new AbortController()
    const { io } = waiting(stop.signal)
    stop.abort()
    await expect(until(io, errorsWait(io, failing(1)), {})).rejects.toThrow('refused 1')
  })
})
