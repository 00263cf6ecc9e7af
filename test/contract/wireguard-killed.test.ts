import { afterAll, beforeAll, expect, test } from 'vitest'
import type { RunMode } from '../../src/model/step.ts'
import { dying, isKilled } from '../helpers/judged-io.ts'
import { gateways, raiseVpn, stateOf, type VpnSites } from '../helpers/wireguard-sites.ts'

let sites: VpnSites
const testAsRoot = test.runIf(process.getuid?.() === 0)

beforeAll(async () => {
  if (process.getuid?.() === 0) sites = await raiseVpn('vpn-killed')
})
afterAll(async () => {
  await sites?.close()
})

const both = () => Promise.all(gateways.map(host => stateOf(sites, host)))

testAsRoot.each<[RunMode, string, string[]]>([
  ['preparation', 'prepare-target', []],
  ['preparation', 'profiles', ['prepare-target']],
  ['preparation', 'test-client', ['prepare-target']],
  ['live', 'switch', ['prepare-target', 'test-client']],
])(
  '%s, killed at any change of %s: carried out after all, then undone to the byte',
  async (mode, name, needed) => {
    for (const step of needed) await sites.apply('preparation', step)
    const before = await both()
    let changes = 0
    for (;;) {
      changes += 1
      const dies = () => dying(sites.io(), { change: changes, when: 'after' })
      const killed = await sites.apply(mode, name, dies()).catch(reason => reason)
      if (!isKilled(killed)) break
      if (changes % 2 === 0) await sites.apply(mode, name)
      await sites.undo(mode, name, dies()).catch(() => sites.undo(mode, name))
      expect(await both(), `killed after change ${changes}`).toEqual(before)
    }
    expect(changes).toBeGreaterThan(3)
    await sites.undo(mode, name)
    for (const step of needed.toReversed()) await sites.undo('preparation', step)
  },
)
