import { setTimeout as wait } from 'node:timers/promises'
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { mainLineDown, mainLineUp } from '../../lab/faults/line.ts'
import { linkDown, linkUp } from '../../lab/faults/link.ts'
import { kind } from '../../src/adapters/files/index.ts'
import { portrait, source, startAnew, target } from './files-trees.ts'
import { raiseTwoSites, type TwoSites } from './two-sites.ts'

vi.setConfig({ testTimeout: 120_000, hookTimeout: 60_000 })

const bigBytes = 60 * 1024 * 1024
/** Headers, acknowledgements, the list of names, and what was on its way when the attempt ended. */
const aroundBytes = 8e6

let sites: TwoSites
beforeAll(async () => {
  if (process.getuid?.() !== 0) return
  const component = {
    id: 'files',
    spec: { source: { host: 'files', path: '/srv/files' }, target: { host: 'files', path: '/srv/files' } },
  }
  const parts = ['files', 'network'] as const
  sites = await raiseTwoSites(kind, component, { name: 'files-line-lost', parts })
})
afterAll(async () => {
  await sites?.close()
})

/** Bytes that a host has received on its network. */
const received = async (host: string): Promise<number> =>
  Number(await sites.at(host, "awk '/eth0:/ { print $2 }' /proc/net/dev"))

/** Syncs until a third of the big file is there, loses the line, and ends the attempt as a run does. */
async function syncUntilLost(lose: () => Promise<void>): Promise<void> {
  const stop = new AbortController()
  let lost: Promise<void> | undefined
  const io = sites.io(stop.signal, ({ bytesDone = 0 }) => {
    if (bytesDone < bigBytes / 3) return
    lost ??= lose().finally(() => stop.abort('line-lost'))
  })
  await expect(sites.apply('prepare', 'first-sync', io)).rejects.toThrow()
  await lost
}

describe.runIf(process.getuid?.() === 0)('a sync whose line is lost', () => {
  beforeEach(async () => {
    await startAnew(sites)
    await sites.apply('prepare', 'first-sync')
    await sites.at(source, `head -c ${bigBytes} /dev/urandom >/srv/files/big`)
  })

  const faults = [
    ['the main line, with a backup', () => mainLineDown(sites.lab), () => mainLineUp(sites.lab), 3],
    ['every way, for a moment', () => linkDown(sites.lab), () => linkUp(sites.lab), 3],
  ] as const
  test.each(faults)(
    '%s: goes on where it was, and nothing of the earlier attempt stays',
    async (_, lose, back, seconds) => {
      const before = await received(target)
      await syncUntilLost(lose)
      await wait(seconds * 1000)
      await back()
      await sites.apply('prepare', 'first-sync')
      const sent = (await received(target)) - before
      expect(sent).toBeLessThan(bigBytes + aroundBytes)
      expect(await sites.at(target, 'pgrep -x rsync || true')).toBe('')
      expect(await portrait(sites, target)).toBe(await portrait(sites, source))
    },
  )
})
