import { expect, test } from 'vitest'
import { instantAt, millisecondsOf } from '../../src/model/instant.ts'
import { steadyNow } from '../../src/transport/io.ts'

const began = millisecondsOf('2026-11-28T22:00:00Z')

/** A machine's two clocks, in milliseconds; every reading of the first one is held up by what `pauses` says, in turn. */
function machine(pauses: number[]) {
  let [passed, jumped] = [1000, 0]
  return {
    clock: () => {
      const read = began + passed + jumped
      passed += pauses.shift() ?? 0
      return read
    },
    passed: () => passed,
    wait: (milliseconds: number) => (passed += milliseconds),
    jump: (milliseconds: number) => (jumped = milliseconds),
  }
}

test('a program held up while it reads the clock does not take the pause for time of the clock', () => {
  const held = machine([40, 7, 0])
  expect(steadyNow(held.clock, held.passed)()).toBe(instantAt(began + held.passed()))
})

test('a machine that is always slow is off by half its quickest reading at most', () => {
  const slow = machine([40, 8, 30, 20, 60, 50])
  expect(Math.abs(millisecondsOf(steadyNow(slow.clock, slow.passed)()) - began - slow.passed())).toBe(4)
})

test('time passes as it does, whatever the clock jumps to meanwhile', () => {
  const jumps = machine([])
  const now = steadyNow(jumps.clock, jumps.passed)
  jumps.jump(-3_600_000)
  jumps.wait(250)
  expect(now()).toBe(instantAt(began + jumps.passed()))
})
