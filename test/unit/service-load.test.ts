import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { percentile, runLoad, SharedRuns } from '../../src/kinds/service/load.ts'

describe('a percentile', () => {
  const samples = Float64Array.from({ length: 100 }, (_, index) => index + 1)
  it.each([
    [50, 50],
    [95, 95],
    [99, 99],
    [100, 100],
  ])('of 1..100, the %ith, is %i', (percent, value) => {
    expect(percentile(samples, percent)).toBe(value)
  })
  it('of few samples is one of them', () => {
    expect(percentile(Float64Array.of(7), 95)).toBe(7)
    expect(percentile(Float64Array.of(1, 2, 3), 50)).toBe(2)
    expect(percentile(Float64Array.of(), 95)).toBe(0)
  })
})

describe('a load', () => {
  const closing: (() => Promise<unknown>)[] = []
  afterEach(async () => {
    for (const close of closing.splice(0)) await close()
  })
  async function listen(answer: RequestListener): Promise<string> {
    const server = createServer(answer).listen(0, '127.0.0.1')
    await once(server, 'listening')
    closing.push(() => {
      server.closeAllConnections()
      return new Promise(resolve => server.close(resolve))
    })
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
  }
  const load = (url: string, signal = new AbortController().signal) =>
    runLoad({ url, headers: { 'x-test': '1' }, simultaneous: 20, seconds: 1 }, signal)

  it('keeps so many connections open, and its times are those of the server', async () => {
    let open = 0
    let most = 0
    let answered = 0
    const url = await listen(({ headers }, response) => {
      open += 1
      most = Math.max(most, open)
      setTimeout(() => {
        open -= 1
        answered += headers['x-test'] === '1' ? 1 : 0
        response.end('ok')
      }, 40)
    })
    const figures = await load(url)
    expect(most).toBe(20)
    expect(figures).toMatchObject({ errors: 0, timeouts: 0, badStatuses: 0 })
    expect(figures.requests).toBeGreaterThan(20)
    expect(figures.requests).toBeLessThanOrEqual(answered)
    expect(figures.medianMilliseconds).toBeGreaterThanOrEqual(39)
    const { medianMilliseconds, p95Milliseconds, p99Milliseconds, slowestMilliseconds } = figures
    const ascending = [medianMilliseconds, p95Milliseconds, p99Milliseconds, slowestMilliseconds]
    expect(ascending).toEqual(ascending.toSorted((left, right) => left - right))
  })

  it('counts bad answers and broken connections as errors', async () => {
    let turn = 0
    const url = await listen((_request, response) => {
      turn += 1
      if (turn % 2) response.writeHead(500).end()
      else response.destroy()
    })
    const figures = await load(url)
    expect(figures.badStatuses).toBeGreaterThan(0)
    expect(figures.cutConnections).toBeGreaterThan(0)
    expect(figures.errors).toBe(figures.badStatuses + figures.cutConnections)
  })

  it('does not take a connection that is closed in good order for an error', async () => {
    const url = await listen((_request, response) => void response.setHeader('connection', 'close').end('ok'))
    const figures = await load(url)
    expect(figures.requests).toBeGreaterThan(20)
    expect(figures.errors).toBe(0)
  })

  it('ends early when it is aborted', async () => {
    const url = await listen((_request, response) => void response.end())
    const abort = new AbortController()
    const running = runLoad({ url, headers: {}, simultaneous: 2, seconds: 60 }, abort.signal)
    setTimeout(() => abort.abort(new Error('rollback')), 100)
    await expect(running).rejects.toThrow('rollback')
  })
})

describe('a shared run', () => {
  const counting = () => {
    let runs = 0
    return { run: async () => ++runs, runs: () => runs }
  }

  it('serves each reader once, and is run again for one that asks again', async () => {
    const shared = new SharedRuns<number>(60)
    const { run } = counting()
    const read = (reader: string, atSecond: number) => shared.read('courses', reader, atSecond * 1000, run)
    expect(await Promise.all([read('p95', 0), read('p99', 1), read('errors', 2)])).toEqual([1, 1, 1])
    expect(await Promise.all([read('p95', 10), read('p99', 11)])).toEqual([2, 2])
    expect(await read('errors', 71)).toBe(3)
  })

  it('keeps the components apart, and no run that failed', async () => {
    const shared = new SharedRuns<number>()
    const { run } = counting()
    expect(await shared.read('courses', 'p95', 0, run)).toBe(1)
    expect(await shared.read('auth', 'p95', 0, run)).toBe(2)
    const failing = () => Promise.reject(new Error('no'))
    await expect(shared.read('media', 'p95', 0, failing)).rejects.toThrow('no')
    expect(await shared.read('media', 'p99', 0, run)).toBe(3)
  })
})
