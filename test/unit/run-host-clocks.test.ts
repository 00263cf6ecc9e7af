import { expect, it } from 'vitest'
import { byOwnClock } from '../../src/model/host-clock.ts'
import { instantAt } from '../../src/model/instant.ts'
import { clockFindings, compareClocks } from '../../src/run/host-clocks.ts'

/** A host whose clock is ahead, on the way to which each question takes so many milliseconds, half of them each way. */
function worldWith(hosts: Record<string, { aheadSeconds: number; takesMilliseconds: number[] }>) {
  let elapsed = 0
  const asked: string[] = []
  const io = {
    now: () => instantAt(elapsed),
    read: async (host: string, argv: readonly string[]) => {
      asked.push(`${host}: ${argv.join(' ')}`)
      const there = hosts[host]
      if (there === undefined) throw new Error('no route to host')
      const takes = there.takesMilliseconds.shift() ?? 0
      elapsed += takes / 2
      const stdout = `${(elapsed / 1000 + there.aheadSeconds).toFixed(9)}\n`
      elapsed += takes / 2
      return { exitCode: 0, stdout, stderr: '' }
    },
  }
  return { io, asked }
}

it('the quickest answer tells how far a clock is ahead, and how surely', async () => {
  const { io, asked } = worldWith({ db: { aheadSeconds: 40, takesMilliseconds: [3000, 1600, 1200] } })
  expect(await compareClocks(['db'], io)).toEqual({
    db: { clock: { aheadSeconds: 40, withinSeconds: 0.6 } },
  })
  expect(asked).toEqual(['db: date +%s.%N', 'db: date +%s.%N', 'db: date +%s.%N'])
})

it('one quick answer is enough', async () => {
  const { io, asked } = worldWith({ db: { aheadSeconds: -7.25, takesMilliseconds: [20] } })
  expect(await compareClocks(['db'], io)).toEqual({
    db: { clock: { aheadSeconds: -7.25, withinSeconds: 0.01 } },
  })
  expect(asked).toHaveLength(1)
})

it('a host that gives no time is told and keeps no other from being compared', async () => {
  const { io } = worldWith({ db: { aheadSeconds: 0, takesMilliseconds: [20] } })
  const compared = await compareClocks(['dead', 'db'], io)
  expect(compared.db).toHaveProperty('clock')
  expect(compared.dead).toHaveProperty('why')
  expect(clockFindings(compared)).toMatchObject([
    { id: 'dead.clock', component: 'dead', level: 'warn', text: { key: 'run.clocks.unknown' } },
  ])
})

it.each([
  { aheadSeconds: 1.9, withinSeconds: 0, level: 'ok', key: 'run.clocks.agree' },
  { aheadSeconds: 9, withinSeconds: 8, level: 'ok', key: 'run.clocks.agree' },
  { aheadSeconds: 2.5, withinSeconds: 0.1, level: 'warn', key: 'run.clocks.ahead' },
  { aheadSeconds: -299, withinSeconds: 0.1, level: 'warn', key: 'run.clocks.behind' },
  { aheadSeconds: -301, withinSeconds: 0.1, level: 'block', key: 'run.clocks.behind' },
])('$aheadSeconds s, known to $withinSeconds s: $level', ({ level, key, ...clock }) => {
  expect(clockFindings({ db: { clock } })).toMatchObject([{ level, text: { key } }])
})

it('the largest gap is told to the millisecond', () => {
  const clock = { aheadSeconds: 1.2, withinSeconds: 0.402 }
  expect(clockFindings({ db: { clock } })[0]?.text.values).toEqual({ hosts: 1, seconds: 1.602 })
})

it('an instant of a host is put on this machine’s clock, and on none when nobody compared them', () => {
  const clock = { aheadSeconds: 90.5, withinSeconds: 0.1 }
  expect(byOwnClock('2026-12-12T23:01:30.500Z', clock)).toBe('2026-12-12T23:00:00.000Z')
  expect(byOwnClock('2026-12-12T23:01:30.500Z', undefined)).toBeUndefined()
})
