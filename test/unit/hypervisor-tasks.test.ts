import { once } from 'node:events'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openStore } from '../../lab/hypervisor/api/tasks/store.ts'
import { openTasks, type Work } from '../../lab/hypervisor/api/tasks/tasks.ts'
import { decodeUpid, encodeUpid } from '../../lab/hypervisor/api/tasks/upid.ts'
import { node, openTestApi, type PaperApi } from '../helpers/hypervisor-api.ts'
import { temporaryFolder } from '../helpers/temporary-folder.ts'

describe('a UPID', () => {
  it('is PVE’s', () => {
    const task = {
      node: 'lyon',
      pid: 0x1f,
      pstart: 0xabc,
      starttime: 0x6542_0000,
      type: 'qmstart',
      id: '101',
      user: 'a@pve!b',
    }
    const upid = 'UPID:lyon:0000001F:00000ABC:65420000:qmstart:101:a@pve!b:'
    expect(encodeUpid(task)).toBe(upid)
    expect(decodeUpid(upid)).toEqual(task)
  })

  it.each([
    '',
    'UPID:lyon:1:2:3:qmstart:101:a@pve:',
    'UPID:lyon:0000001F:00000ABC:65420000:qm/start:101:a@pve:',
  ])('%j is none', text => {
    expect(decodeUpid(text)).toBeUndefined()
  })
})

describe('tasks', () => {
  let directory: string
  beforeEach(() => {
    directory = temporaryFolder('tasks')
  })

  async function run(work: Work) {
    const tasks = openTasks(openStore(directory), 'lyon')
    const upid = tasks.start('qmstart', '101', 'a@pve', work)
    expect(tasks.isRunning(upid)).toBe(true)
    await tasks.settled()
    expect(tasks.isRunning(upid)).toBe(false)
    return { lines: tasks.store.lines(upid), status: tasks.store.statusOf(upid), tasks, upid }
  }

  it('end well', async () => {
    const { lines, status } = await run(async log => log.line('starting'))
    expect(lines).toEqual(['starting', 'TASK OK'])
    expect(status).toBe('OK')
  })

  it('end with warnings, counted', async () => {
    const { lines, status } = await run(async log => {
      log.warn('no room soon')
      log.warn('and slow')
    })
    expect(lines).toEqual(['WARN: no room soon', 'WARN: and slow', 'TASK WARNINGS: 2'])
    expect(status).toBe('WARNINGS: 2')
  })

  it('end in an error, on one line', async () => {
    const { lines, status } = await run(async () => {
      throw new Error('VM 101 already\nrunning')
    })
    expect(lines).toEqual(['TASK ERROR: VM 101 already running'])
    expect(status).toBe('VM 101 already running')
  })

  it('are stopped by their signal, or before they began', async () => {
    const tasks = openTasks(openStore(directory), 'lyon')
    const begun = Promise.withResolvers<void>()
    const upid = tasks.start('vzdump', '101', 'a@pve', async ({ signal }) => {
      begun.resolve()
      await once(signal, 'abort')
      throw new Error('interrupted by signal')
    })
    await begun.promise
    tasks.stop(upid)
    const never = tasks.start('vzdump', '101', 'a@pve', () => Promise.reject(new Error('it began')))
    tasks.stop(never)
    await tasks.settled()
    expect(tasks.store.statusOf(upid)).toBe('interrupted by signal')
    expect(tasks.store.statusOf(never)).toBe('received interrupt')
  })

  it('have names of their own, however many begin in one second', () => {
    const tasks = openTasks(openStore(directory), 'lyon')
    const names = Array.from({ length: 20 }, () =>
      tasks.start('qmstart', '101', 'a@pve', async () => undefined),
    )
    expect(new Set(names).size).toBe(20)
    return tasks.settled()
  })

  it('are remembered by the next process, those that it was killed in as broken off', async () => {
    const { upid } = await run(async () => undefined)
    const killed = openTasks(openStore(directory), 'lyon')
    const lost = killed.start('qmigrate', '101', 'a@pve', () => new Promise(() => undefined))
    const next = openTasks(openStore(directory), 'lyon')
    expect(next.store.ended().map(task => [task.upid, task.status])).toEqual([
      [lost, 'unexpected status'],
      [upid, 'OK'],
    ])
    expect(next.isRunning(lost)).toBe(false)
    expect(readFileSync(join(directory, 'active'), 'utf8')).toBe('')
  })
})

describe('the API of tasks', () => {
  let api: PaperApi
  beforeEach(async () => {
    api = await openTestApi()
  })
  afterEach(() => api.close())
  const path = `/nodes/${node}/tasks`

  /** A task that ended, with a log of so many lines. */
  function ended(lines: number): string {
    const { store } = api.hypervisor.tasks
    const upid = `UPID:${node}:0000001F:00000ABC:6542000A:vzdump:101:bascule@pve!full:`
    store.begin(upid)
    for (let n = 1; n < lines; n++) store.write(upid, `line ${n}`)
    store.write(upid, 'TASK OK')
    store.end(upid, 0x6542_0010, 'OK')
    return upid
  }

  it('gives the log in pages: 50 lines, or as many as asked for', async () => {
    const log = `${path}/${encodeURIComponent(ended(120))}/log`
    const pages = await Promise.all(
      [{}, { start: 50 }, { start: 100, limit: 0 }, { limit: 500 }, { start: 400 }].map(async given => {
        const { data, total } = await api.ask('GET', log, given as Record<string, number>)
        const lines = data as { n: number; t: string }[]
        return [lines[0]?.n, lines.length, total]
      }),
    )
    expect(pages).toEqual([
      [1, 50, 120],
      [51, 50, 120],
      [101, 20, 120],
      [1, 120, 120],
      [undefined, 0, 120],
    ])
    const { data } = await api.ask('GET', log, { start: 119 })
    expect(data).toEqual([{ n: 120, t: 'TASK OK' }])
  })

  it('lists them, newest first, as filters have it', async () => {
    const upid = ended(1)
    await api.task('POST', `/nodes/${node}/qemu/101/status/start`)
    const list = async (given: Record<string, string | number>) => {
      const { data, total } = await api.ask('GET', path, given)
      return [
        (data as { type: string; status: string }[]).map(({ type, status }) => `${type} ${status}`),
        total,
      ]
    }
    expect(await list({})).toEqual([['qmstart VM 101 already running', 'vzdump OK'], 2])
    expect(await list({ limit: 1, start: 1 })).toEqual([['vzdump OK'], 2])
    expect(await list({ errors: 1 })).toEqual([['qmstart VM 101 already running'], 1])
    expect(await list({ typefilter: 'vzdump' })).toEqual([['vzdump OK'], 1])
    expect(await list({ statusfilter: 'ok,warning' })).toEqual([['vzdump OK'], 1])
    expect(await list({ vmid: 102 })).toEqual([[], undefined])
    expect(await list({ source: 'active' })).toEqual([[], undefined])
    expect(await api.ask('GET', `${path}/${encodeURIComponent(upid)}/status`)).toMatchObject({
      data: {
        upid,
        status: 'stopped',
        exitstatus: 'OK',
        type: 'vzdump',
        id: '101',
        user: 'bascule@pve',
        tokenid: 'full',
      },
    })
  })

  it('knows those that run, and stops them', async () => {
    writeFileSync(join(api.root, 'etc/pve/faults.json'), JSON.stringify([{ name: 'shutdown-hangs' }]))
    const { data } = await api.ask('POST', `/nodes/${node}/qemu/101/status/shutdown`, { timeout: 50 })
    const task = `${path}/${encodeURIComponent(String(data))}`
    expect(await api.ask('GET', `${task}/status`)).toMatchObject({ data: { status: 'running' } })
    expect((await api.ask('GET', `${task}/status`)).data).not.toHaveProperty('exitstatus')
    expect((await api.ask('GET', path, { source: 'active' })).data).toMatchObject([
      { upid: data, status: 'RUNNING' },
    ])
    expect(await api.ask('DELETE', task)).toMatchObject({ status: 200, data: null })
    await api.hypervisor.tasks.settled()
    expect((await api.ask('GET', `${task}/status`)).data).toMatchObject({ status: 'stopped' })
  })

  it.each([
    ['nonsense', 'unable to parse worker upid'],
    [`UPID:${node}:0000001F:00000ABC:65420000:qmstart:1:a@pve:`, 'no such task'],
  ])('does not know %s', async (upid, said) => {
    const answer = await api.ask('GET', `${path}/${encodeURIComponent(upid)}/status`)
    expect(answer).toMatchObject({ status: 400, errors: { upid: said } })
  })
})
