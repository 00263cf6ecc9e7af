import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { execa } from 'execa'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { identityOf, type ProcessIdentity } from '../../lab/hosts/processes.ts'
import { type Lab, labStatus, lowerLab, openLab, ownName, raiseLab } from '../../lab/lab.ts'
import { ownerVariable } from '../../lab/owner.ts'
import { node, repository } from '../../lab/paths.ts'
import { claimedIndex, directoryOf } from '../../lab/state.ts'
import { describeLab } from '../helpers/lab-needs.ts'
import { noTraces, tracesOf, type Worlds, worldsOf } from '../helpers/lab-traces.ts'

const common = { size: 'tiny', linkMbps: 200 } as const

describeLab('two labs side by side', () => {
  const names = [ownName('side-west'), ownName('side-east')] as const
  let labs: Lab[] = []
  const worlds = new Map<string, Worlds>()

  beforeAll(async () => {
    labs = await Promise.all([
      raiseLab({ ...common, name: names[0], parts: ['database'] }),
      raiseLab({ ...common, name: names[1], parts: ['files'] }),
    ])
    for (const lab of labs) worlds.set(lab.name, worldsOf(lab.index))
  })
  afterAll(async () => {
    for (const name of names) await lowerLab(name)
  })

  it('have nothing in common', () => {
    const [west, east] = labs
    expect(west?.prefix).not.toBe(east?.prefix)
    const namespaces = labs.flatMap(lab => Object.values(lab.hosts).map(host => host.namespace))
    expect(new Set(namespaces).size).toBe(namespaces.length)
  })

  it('are found again by name, as they were raised', () => {
    expect(openLab(names[0])).toEqual(labs[0])
    expect(labStatus(names[1])).toMatchObject({ state: 'up', missing: [] })
  })

  it('refuse a second lab of the same name, and leave the first alone', async () => {
    await expect(raiseLab({ ...common, name: names[0] })).rejects.toMatchObject({
      text: { key: 'lab.already-up' },
    })
    expect(labStatus(names[0]).state).toBe('up')
  })

  it('leave nothing behind, and one does not take the other down', async () => {
    for (const lab of labs) {
      const theirs = worlds.get(lab.name) ?? new Set()
      expect((await tracesOf(lab.name, lab.index, theirs)).processes.length).toBeGreaterThan(5)
      const held = join(directoryOf(lab.name), 'not-even-root-may-remove-me')
      writeFileSync(held, '')
      execFileSync('chattr', ['+i', held])
      expect(await lowerLab(lab.name)).toBe(true)
      expect(await tracesOf(lab.name, lab.index, theirs)).toEqual(noTraces)
      if (lab.name === names[0]) expect(labStatus(names[1])).toMatchObject({ state: 'up', missing: [] })
    }
    expect(await lowerLab(names[0])).toBe(false)
  })
})

describeLab('a lab whose raising is killed', () => {
  const name = ownName('killed')

  afterAll(async () => {
    await lowerLab(name)
  })

  it.each(['network', 'hosts', 'database', 'seed'])('while at %s, is taken down whole', async moment => {
    const raising = spawn(
      node,
      [
        join(repository, 'lab/main.ts'),
        'up',
        '--name',
        name,
        '--size',
        'tiny',
        '--parts',
        'database,files,network',
      ],
      { stdio: ['ignore', 'ignore', 'pipe'] },
    )
    for await (const line of createInterface(raising.stderr)) if (line.includes(`progress.${moment}`)) break
    const index = claimedIndex(name) ?? expect.fail('no index was claimed')
    if (moment === 'seed')
      await expect(lowerLab(name)).rejects.toMatchObject({ text: { key: 'lab.being-raised' } })
    raising.kill('SIGKILL')
    await once(raising, 'exit')
    const worlds = worldsOf(index)
    expect(labStatus(name).state).toBe('partial')
    expect(await lowerLab(name)).toBe(true)
    expect(await tracesOf(name, index, worlds)).toEqual(noTraces)
  })
})

describeLab('labs whose owner was killed', () => {
  const sleeper = () => spawn('sleep', ['600'], { stdio: 'ignore' })
  const raised: string[] = []
  /** Raised by a program that has ended, for a process or for a person. */
  const raiseFor = async (base: string, owner?: ProcessIdentity) => {
    const name = ownName(base)
    raised.push(name)
    const argv = ['up', '--name', name, '--size', 'tiny', '--parts', 'files']
    const env = { ...process.env, [ownerVariable]: owner && JSON.stringify(owner) }
    await execa(node, [join(repository, 'lab/main.ts'), ...argv], { env, extendEnv: false })
    return name
  }
  afterAll(async () => {
    for (const name of raised) await lowerLab(name)
  })

  it('are taken down by the next raising; those of the living and of people stay', async () => {
    const [killed, living] = [sleeper(), sleeper()]
    const [ofKilled, ofLiving] = [identityOf(killed.pid ?? 0), identityOf(living.pid ?? 0)]
    const left = await raiseFor('left', ofKilled)
    const kept = [await raiseFor('lives', ofLiving), await raiseFor('person')]
    killed.kill('SIGKILL')
    await once(killed, 'exit')
    try {
      expect(labStatus(left).state).toBe('up')
      kept.push(await raiseFor('next', ofLiving))
      expect(labStatus(left).state).toBe('absent')
      expect(existsSync(directoryOf(left))).toBe(false)
      for (const name of kept) expect(labStatus(name)).toMatchObject({ state: 'up', missing: [] })
    } finally {
      living.kill('SIGKILL')
    }
  })
})
