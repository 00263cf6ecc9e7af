import { describe, expect, test } from 'vitest'
import { keptSeconds } from '../../src/kinds/postgres/actions/keep-snapshot.ts'
import { kind } from '../../src/kinds/postgres/index.ts'
import { spec } from '../../src/kinds/postgres/spec.ts'
import type { ChangeIo, CommandOptions } from '../../src/model/io.ts'
import type { StepContext } from '../../src/model/kind.ts'
import type { Component } from '../../src/model/plan.ts'
import { safetyCopy } from '../helpers/safety-copy.ts'

const component = {
  id: 'database',
  kind: 'postgres',
  spec: spec.parse({
    method: 'streaming',
    cluster: '15/main',
    source: { host: 'database' },
    target: { host: 'database' },
    admin: { user: 'bascule', password: 'env:ADMIN' },
    databases: ['techcorp'],
    replication: { password: 'env:REPLICATION' },
    safetyCopy,
  }),
} as unknown as Component
const host = (ssh: string) => ({ ssh, address: '10.0.0.1', become: 'runuser' })
const context = {
  component,
  plan: {
    name: 'techcorp',
    sites: {
      source: { hosts: { database: host('m-db') } },
      target: { hosts: { database: host('t-db') } },
    },
    window: { lengthMinutes: 120 },
  },
  facts: {},
  results: {},
  step: {},
} as unknown as StepContext
const folder = '/srv/safety/bascule-techcorp-database'

/** A host; what touches a backup mount that hangs is given up after its time, which is asked for each time. */
function hostWith(mount: 'hangs' | 'has a whole copy' | 'has some files') {
  const signal = new AbortController()
  const sent: { argv: readonly string[]; seconds: number | undefined }[] = []
  const answer = async (_: string, argv: readonly string[], options?: CommandOptions) => {
    sent.push({ argv, seconds: options?.timeoutSeconds })
    if (mount === 'hangs' && argv.some(one => one.startsWith(folder))) throw new Error('timed out')
    const exitCode = argv[0] === 'test' && mount === 'has some files' ? 1 : 0
    return {
      exitCode,
      stdout: argv[0] === 'pg_conftool' ? '/var/lib/postgresql/15/main\n' : '',
      stderr: '',
    }
  }
  const notes: unknown[] = []
  const io = {
    ...{ read: answer, change: answer, signal: signal.signal, now: () => '2026-12-12T22:00:00Z' },
    query: async () => [{ current_setting: '/run/postgresql' }],
    report: ({ note }: { note?: unknown }) => notes.push(note),
  } as unknown as ChangeIo
  return { io, sent, notes, abort: () => signal.abort() }
}
const action = (name: string) => kind.actions[name] ?? expect.fail(name)
const total = (sent: { seconds: number | undefined }[]) =>
  sent.reduce((sum, { seconds }) => sum + (seconds ?? Number.POSITIVE_INFINITY), 0)

describe('a backup mount that hangs', () => {
  test('costs the night the snapshot and no more', async () => {
    const { io, sent, notes } = hostWith('hangs')
    expect(await action('keep-snapshot').apply(context, io)).toEqual({ kept: false, why: 'timed out' })
    expect(notes).toMatchObject([{ key: 'postgres.keep-snapshot.none' }])
    expect(total(sent)).toBeLessThan(60)
    expect(sent.some(({ argv }) => argv.includes('end-snapshot.sh'))).toBe(true)
  })

  test.each(['keep-snapshot', 'safety-copy'])('does not hold up a rollback at %s', async name => {
    const { io, sent } = hostWith('hangs')
    const left = await action(name).undo?.(context, io)
    expect(left).toMatchObject([
      { key: 'postgres.safety-copy.stillThere', values: { command: `rm -rf -- ${folder}` } },
    ])
    expect(total(sent)).toBeLessThan(45)
  })

  test('an aborted attempt is one', async () => {
    const { io, abort } = hostWith('hangs')
    abort()
    await expect(action('keep-snapshot').apply(context, io)).rejects.toThrow('timed out')
    await expect(Promise.resolve(action('safety-copy').undo?.(context, io))).rejects.toThrow('timed out')
  })
})

describe('a snapshot', () => {
  test.each([
    [1e9, 3600 + 2 * 115],
    [10e12, 24 * 3600],
  ])('of %s bytes is not kept for as long as a run may last', (bytes, seconds) => {
    const sizeBytes = { from: bytes, to: bytes }
    expect(keptSeconds({ facts: {}, component: { ...component, declaredSizeBytes: sizeBytes } })).toBe(
      seconds,
    )
  })

  test('is ended by `close`, though the copy stays until its day', async () => {
    const { io, sent } = hostWith('has a whole copy')
    const plan = { ...context.plan, zone: 'Europe/Paris' }
    const erased = await action('erase-safety-copy').apply({ ...context, plan }, io)
    expect(erased).toMatchObject({ erased: false })
    expect(sent.some(({ argv }) => argv.includes('end-snapshot.sh'))).toBe(true)
  })
})

describe('a rollback', () => {
  const erases = (sent: { argv: readonly string[] }[]) =>
    sent.some(({ argv }) => argv.join(' ').endsWith(`rm -rf -- ${folder}`))

  test('leaves a copy that was proven, ends the sessions, and says what erases it', async () => {
    const { io, sent } = hostWith('has a whole copy')
    expect(await action('safety-copy').undo?.(context, io)).toEqual([
      {
        key: 'postgres.safety-copy.staysAfterRollback',
        values: { host: 't-db', folder, command: `rm -rf -- ${folder}` },
      },
    ])
    expect(erases(sent)).toBe(false)
    expect(sent.some(({ argv }) => argv.includes('end-snapshot.sh'))).toBe(true)
  })

  test('erases what is not whole', async () => {
    const { io, sent } = hostWith('has some files')
    expect(await action('safety-copy').undo?.(context, io)).toEqual([])
    expect(erases(sent)).toBe(true)
  })
})
