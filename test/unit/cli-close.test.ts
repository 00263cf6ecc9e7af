import { join } from 'node:path'
import { expect, it } from 'vitest'
import { exitCodes } from '../../src/model/failure.ts'
import { CommandLine } from '../helpers/command-line.ts'
import { examplePlan, moved, stateWith } from '../helpers/state-directory.ts'

const line = new CommandLine()
const state = join(line.home, 'state')

it('who closes alone reads which steps nothing undoes, and what to type', async () => {
  await stateWith(state, moved)
  const close = (...argv: string[]) => line.type('close', ...argv, '--plan', examplePlan, '--state', state)
  const alone = await close()
  expect(alone.exitCode).toBe(exitCodes.usage)
  expect(alone.stderr).toContain('Nothing undoes these steps of the closure: vpn.retire, vpn.retire-source.')
  expect(alone.stderr).toContain('close --and-by NAME')
  const twice = await close('--and-by', 'marie')
  expect(twice.exitCode).toBe(exitCodes.failure)
  expect(twice.stderr).toContain('A second person must sign')
})
