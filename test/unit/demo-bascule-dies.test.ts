import { expect, it } from 'vitest'
import { basculeDiesName, isTakenOver } from '../../lab/demo/bascule-dies.ts'
import { parseOptions } from '../../lab/demo/options.ts'
import { exitCodes } from '../../src/model/failure.ts'

it('can be asked for, with and without machines', () => {
  expect(parseOptions(['--fault', basculeDiesName]).fault).toBe(basculeDiesName)
  expect(parseOptions(['--fault', basculeDiesName, '--without-machines']).machines).toBe(false)
})

it.each([
  [{ secondsUntilOn: 6, firstEndsWith: exitCodes.locked }, true],
  [{ secondsUntilOn: 61, firstEndsWith: exitCodes.locked }, false],
  [{ secondsUntilOn: 6, firstEndsWith: exitCodes.ok }, false],
])('is as meant only when it goes on soon, and by one program: %o', (takeover, isMeant) => {
  expect(isTakenOver(takeover)).toBe(isMeant)
})
