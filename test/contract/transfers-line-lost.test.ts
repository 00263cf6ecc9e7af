import { setTimeout as wait } from 'node:timers/promises'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { mainLineDown, mainLineUp } from '../../lab/faults/line.ts'
import { linkDown, linkUp } from '../../lab/faults/link.ts'
import { kind } from '../../src/kinds/files/index.ts'
import type { MachineSide } from '../../src/kinds/proxmox-vm/sides.ts'
import { sendFile } from '../../src/kinds/proxmox-vm/transfer/run.ts'
import type { ChangeIo } from '../../src/model/io.ts'
import type { Host } from '../../src/model/plan.ts'
import { portrait, source, startAnew, target } from '../helpers/files-trees.ts'
import { raiseTwoSites, type TwoSites } from '../helpers/two-sites.ts'

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
  sites = await raiseTwoSites(kind, component, { name: 'transfers-lost', parts })
})
afterAll(async () => {
  await sites?.close()
})

/** Bytes that a host has received on its network. */
const received = async (host: string): Promise<number> =>
  Number(await sites.at(host, "awk '/eth0:/ { print $2 }' /proc/net/dev"))

/** Works until a third of the big file is there, loses the line, and ends the attempt as a run does. */
async function untilLost(work: (io: ChangeIo) => Promise<unknown>, lose: () => Promise<void>): Promise<void> {
  const stop = new AbortController()
  let lost: Promise<void> | undefined
  const io = sites.io(stop.signal, ({ bytesDone = 0 }) => {
    if (bytesDone < bigBytes / 3) return
    lost ??= lose().finally(() => stop.abort('line-lost'))
  })
  await expect(work(io)).rejects.toThrow()
  await lost
}

const faults = [
  ['the main line, with a backup', () => mainLineDown(sites.lab), () => mainLineUp(sites.lab)],
  ['every way, for a moment', () => linkDown(sites.lab), () => linkUp(sites.lab)],
] as const
const momentSeconds = 3

describe.runIf(process.getuid?.() === 0)('a sync of a tree whose line is lost', () => {
  beforeEach(async () => {
    await startAnew(sites)
    await sites.apply('preparation', 'first-sync')
    await sites.at(source, `head -c ${bigBytes} /dev/urandom >/srv/files/big`)
  })

  test.each(faults)(
    '%s: goes on where it was, and nothing of the earlier attempt stays',
    async (_, lose, back) => {
      const before = await received(target)
      await untilLost(io => sites.apply('preparation', 'first-sync', io), lose)
      await wait(momentSeconds * 1000)
      await back()
      await sites.apply('preparation', 'first-sync')
      const sent = (await received(target)) - before
      expect(sent).toBeLessThan(bigBytes + aroundBytes)
      expect(await sites.at(target, 'pgrep -x rsync || true')).toBe('')
      expect(await portrait(sites, target)).toBe(await portrait(sites, source))
    },
  )
})

describe.runIf(process.getuid?.() === 0)('a disk whose line is lost while it is sent', () => {
  const file = { from: '/root/disk', to: '/root/disk', sizeBytes: bigBytes }
  beforeEach(async () => {
    await sites.at(source, `head -c ${bigBytes} /dev/urandom >${file.from}`)
    await sites.at(target, `rm -f ${file.to}`)
  })

  test.each(faults)(
    '%s: goes on where it was, and nothing of the earlier attempt stays',
    async (_, lose, back) => {
      const side = (host: Host | undefined) => ({ component: 'machine', host }) as MachineSide
      const { source: from, target: to } = sites.plan.sites
      const ends = { source: side(from.hosts.files), target: side(to.hosts.files) }
      const before = await received(target)
      await untilLost(io => sendFile(io, ends, file), lose)
      await wait(momentSeconds * 1000)
      await back()
      await sendFile(sites.io(), ends, file)
      expect((await received(target)) - before).toBeLessThan(bigBytes + aroundBytes)
      expect(await sites.at(target, 'pgrep -x rsync || true')).toBe('')
      expect(await sites.at(target, `sha256sum ${file.to}`)).toBe(
        await sites.at(source, `sha256sum ${file.from}`),
      )
    },
  )
})
