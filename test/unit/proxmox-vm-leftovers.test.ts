import { describe, expect, it } from 'vitest'
import { backupRestore } from '../../src/kinds/proxmox-vm/methods/backup-restore/index.ts'
import { remoteMigrate } from '../../src/kinds/proxmox-vm/methods/remote-migrate/index.ts'
import { endsOf } from '../../src/kinds/proxmox-vm/sides.ts'
import { destroyCopy, makeCopy } from '../../src/kinds/proxmox-vm/temporary-copy/copies.ts'
import type { ChangeIo } from '../../src/model/io.ts'
import { PaperHypervisors } from '../doubles/paper-hypervisors.ts'
import { type PaperSite, storageOf } from '../doubles/paper-site.ts'
import { Killed } from '../helpers/judged-io.ts'
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

describe('a dump that goes on at the source though the program was killed', () => {
  /** A door behind which a dump runs that `user` began; `end` lets it write its archive, if nobody has stopped it. */
  function dumping(paper: PaperHypervisors, user: string) {
    const upid = `UPID:montpellier:0000A1B2:00C3D4E5:6928A0F0:vzdump:101:${user}:`
    const io = paper.io()
    let isStopped = false
    const task = { upid, type: 'vzdump', node: 'montpellier', id: '101', user, starttime: 1 }
    const answered = (value: unknown) => ({
      ...{ status: 200, headers: {}, milliseconds: 1 },
      body: new TextEncoder().encode(JSON.stringify({ data: value })),
    })
    const http: ChangeIo['http'] = async request => {
      const { pathname, hostname } = new URL(request.url)
      const path = decodeURIComponent(pathname)
      if (hostname.endsWith('.1.60') && path.endsWith('/tasks')) return answered(isStopped ? [] : [task])
      if (!path.includes(upid)) return io.http(request)
      if (request.method === 'DELETE') isStopped = true
      if (path.endsWith('/log') || request.method === 'DELETE') return answered([])
      return answered({ ...task, status: isStopped ? 'stopped' : 'running', exitstatus: 'unexpected status' })
    }
    const end = () => !isStopped && paper.source.archive(101, 'local', 'Bascule auth-machine')
    return { io: { ...io, http }, end }
  }
  const archives = ({ source }: PaperHypervisors) => source.archives('local')

  it('is stopped by undo, so that nothing of it stays', async () => {
    const paper = new PaperHypervisors()
    await seed?.apply(context, paper.io())
    const dump = dumping(paper, 'bascule@pve!move')
    await seed?.undo?.(context, dump.io)
    dump.end()
    expect(archives(paper)).toEqual([])
  })

  it.each(['root@pam', 'bascule@pve!nightly'])('goes on when %s began it', async user => {
    const paper = new PaperHypervisors()
    const dump = dumping(paper, user)
    await seed?.undo?.(context, dump.io)
    dump.end()
    expect(archives(paper)).toHaveLength(1)
  })
})

describe('archives in another storage, since another one has more room now', () => {
  const archivesAt = (site: PaperSite) => [...site.files.keys()].filter(path => path.endsWith('.vma.zst'))
  async function seedOn(paper: PaperHypervisors, day: string) {
    paper.write(paper.source, day)
    await seed?.apply(context, paper.io())
  }

  it('are removed at the target once a new one is there', async () => {
    const paper = new PaperHypervisors()
    await seedOn(paper, 'monday')
    paper.target.storages.push(storageOf('other', 'dir', 'backup', 2e9))
    await seedOn(paper, 'tuesday')
    expect(archivesAt(paper.target)).toEqual([expect.stringMatching(/^.mnt.other.dump.vzdump/)])
  })

  it('are removed later when their storage is away at that moment', async () => {
    const paper = new PaperHypervisors()
    paper.target.storages.push(storageOf('other', 'dir', 'backup', 2e9))
    await seedOn(paper, 'monday')
    const [other] = paper.target.storages.splice(2)
    if (other === undefined) throw new Error('there were two')
    await seedOn(paper, 'tuesday')
    expect(archivesAt(paper.target)).toHaveLength(2)
    paper.target.storages.push({ ...other, avail: 1 })
    await seedOn(paper, 'wednesday')
    expect(archivesAt(paper.target)).toEqual([expect.stringMatching(/^.var.lib.vz.dump.vzdump/)])
  })

  it('are removed at the source, where one was made and never sent', async () => {
    const paper = new PaperHypervisors()
    const path = '/mnt/other/dump/vzdump-qemu-101-2026_12_11-22_00_00.vma.zst'
    paper.source.storages.push(storageOf('other', 'dir', 'backup', 1))
    paper.source.files.set(path, 'the whole machine')
    paper.source.notes.set(path, 'Bascule auth-machine')
    const theirs = path.replace('_00_00', '_00_01')
    paper.source.files.set(theirs, 'the whole machine')
    await seed?.undo?.(context, paper.io())
    expect(archivesAt(paper.source)).toEqual([theirs])
  })
})

describe('a hypervisor that dies in the middle of a restore', () => {
  /** PVE has written that the number is taken, and a part of the disk that no settings name yet. */
  function halfRestored(paper: PaperHypervisors, vmid: number) {
    paper.target.machines.set(vmid, { config: {}, running: false, lock: 'create' })
    paper.target.files.set(`/var/lib/vz/images/${vmid}/vm-${vmid}-disk-0.qcow2`, 'half of it')
  }
  const imagesAt = ({ target }: PaperHypervisors) =>
    [...target.files.keys()].filter(path => path.includes('/images/'))
  /** The door, through which the restore begins and no answer comes back. */
  function dying(io: ChangeIo, paper: PaperHypervisors): ChangeIo {
    return {
      ...io,
      http: async request => {
        if (request.method !== 'POST' || !request.url.endsWith('/qemu')) return io.http(request)
        halfRestored(paper, Number(new URLSearchParams(request.body).get('vmid')))
        throw new Killed()
      },
    }
  }

  it('leaves no copy: the next try removes it with its disk, and leaves what was there before', async () => {
    const world = new ProxmoxWorld()
    const of = machineOf({ ...context, component: archived })
    await seed?.apply(context, world.io())
    const theirs = '/var/lib/vz/images/100/vm-100-disk-7.qcow2'
    world.target.files.set(theirs, 'of a machine that was removed')
    const making = makeCopy(of, dying(world.io(), world), backupRestore, 'test', { bridge: 'vmbr9' })
    await expect(making).rejects.toThrow()
    expect([...world.target.machines.keys()]).toEqual([100])
    expect(imagesAt(world)).toHaveLength(2)
    await destroyCopy(world.io(), target, 'test')
    expect([...world.target.machines.keys()]).toEqual([])
    expect(imagesAt(world)).toEqual([theirs])
  })

  it('leaves none in the night either: it is made anew, on a disk that is whole', async () => {
    const paper = new PaperHypervisors()
    const live = contextOf('live')
    const finalDelta = actionsOf(backupRestore)['final-delta']
    Object.assign(paper.source.machines.get(101) ?? {}, { running: false })
    await expect(finalDelta?.apply(live, dying(paper.io(), paper))).rejects.toThrow()
    // PVE destroys the disks that the settings name, and these name none.
    paper.target.files.set('/var/lib/vz/images/101/vm-101-disk-5.qcow2', 'half of another')
    expect(await finalDelta?.isDone(live, paper.io())).toBe(false)
    await finalDelta?.apply(live, paper.io())
    expect(imagesAt(paper)).toEqual(['/var/lib/vz/images/101/vm-101-disk-0.qcow2'])
    expect(paper.target.image(101)).toBe(paper.source.image(101))
    expect(paper.target.machines.get(101)?.lock).toBeUndefined()
  })

  it('leaves a migration that can begin again: the lock that it left at the source is lifted', async () => {
    const paper = new PaperHypervisors()
    const live = contextOf('live')
    const finalDelta = actionsOf(remoteMigrate)['final-delta']
    const machine = paper.source.machines.get(101)
    Object.assign(machine ?? {}, { running: false })
    const io = paper.io()
    const dies: ChangeIo = {
      ...io,
      http: async request => {
        if (!request.url.endsWith('/remote_migrate')) return io.http(request)
        halfRestored(paper, 101)
        Object.assign(machine ?? {}, { lock: 'migrate' })
        throw new Killed()
      },
    }
    await expect(finalDelta?.apply(live, dies)).rejects.toThrow()
    expect(await finalDelta?.isDone(live, paper.io())).toBe(false)
    await finalDelta?.apply(live, paper.io())
    expect(paper.target.image(101)).toBe(paper.source.image(101))
    expect(imagesAt(paper)).toHaveLength(1)
  })
})

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
