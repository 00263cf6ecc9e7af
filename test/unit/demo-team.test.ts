import { join } from 'node:path'
import { expect, it } from 'vitest'
import { withTeam } from '../../lab/demo/night.ts'
import type { Stage } from '../../lab/demo/stage.ts'
import { CommandLine } from '../helpers/command-line.ts'
import { stateWith, waitingAtGo } from '../helpers/state-directory.ts'

const line = new CommandLine()

async function stageWith(name: string): Promise<Stage> {
  const stateDirectory = join(line.home, name)
  const { plan } = await stateWith(stateDirectory, waitingAtGo)
  return { plan, stateDirectory } as Stage
}

it('a night with its team is over when the run is', async () => {
  await expect(withTeam(await stageWith('ends'), undefined, async () => 'moved')).resolves.toBe('moved')
})

it('a fault that could not be caused fails the night, though the run still waits for GO', async () => {
  const cause = () => Promise.reject(new Error('nothing is broken'))
  const waits = () => new Promise<never>(() => {})
  const night = withTeam(await stageWith('waits'), { when: 'before-go', cause }, waits)
  await expect(night).rejects.toThrow('nothing is broken')
})
