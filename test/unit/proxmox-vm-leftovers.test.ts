import { expect, it } from 'vitest'
import { backupRestore } from '../../src/kinds/proxmox-vm/methods/backup-restore/index.ts'
import { endsOf } from '../../src/kinds/proxmox-vm/sides.ts'
import { destroyCopy, makeCopy } from '../../src/kinds/proxmox-vm/temporary-copy/copies.ts'
import { PaperHypervisors } from '../doubles/paper-hypervisors.ts'
import { actionsOf, contextOf, machineOf } from '../helpers/proxmox-plan.ts'
import { archived, ProxmoxWorld } from '../helpers/proxmox-world.ts'

const context = contextOf('preparation')
const { target } = endsOf(machineOf(context))
const { seed } = actionsOf(backupRestore)
const dumps = '/var/lib/vz/dump'

it('an archive of another machine on its way to the same storage is left alone', async () => {
  const paper = new PaperHypervisors()
  const theirs = `${dumps}/.bascule-arriving-mail-machine/vzdump-qemu-102-2026_12_12-22_00_00.vma.zst`
  paper.target.files.set(theirs, 'half of it')
  await seed?.apply(context, paper.io())
  expect(paper.target.files.get(theirs)).toBe('half of it')
  await seed?.undo?.(context, paper.io())
  expect([...paper.target.files.keys()]).toEqual([theirs])
})

it.each(['apply', 'undo'] as const)(
  'what was sent to another storage before is removed by %s, whether it was proven already or not',
  async what => {
    const paper = new PaperHypervisors()
    const path = '/mnt/other/dump/vzdump-qemu-101-2026_12_11-22_00_00.vma.zst'
    const arriving = path.replace('/vzdump', '/.bascule-arriving-auth-machine/vzdump')
    for (const proven of [false, true]) {
      paper.target.files.set(`${target.staging}/arriving.json`, JSON.stringify({ path, proven }))
      paper.target.files.set(proven ? path : arriving, 'half of it')
      await seed?.[what]?.(context, paper.io())
      expect([...paper.target.files.keys()].filter(name => /^.mnt|arriving/.test(name))).toEqual([])
    }
  },
)

it('a machine of somebody else under the number that was meant for a copy is left as it is', async () => {
  const world = new ProxmoxWorld()
  const of = machineOf({ ...context, component: archived })
  await seed?.apply(context, world.io())
  const { vmid } = await makeCopy(of, world.io(), backupRestore, 'rehearsal', { bridge: 'vmbr0' })
  const { machines } = world.target
  for (const description of ['theirs', 'Bascule: rehearsal copy of mail-machine\n']) {
    machines.set(vmid, { config: { description }, running: true })
    world.target.files.set(`${target.staging}/copy-rehearsal.json`, JSON.stringify({ vmid }))
    await destroyCopy(world.io(), target, 'rehearsal')
    expect(machines.get(vmid)).toEqual({ config: { description }, running: true })
  }
})
