import { kind } from '../../src/kinds/proxmox-vm/index.ts'
import { judgeKind } from '../helpers/kind-contract.ts'
import { archived, ProxmoxWorld, planOfArchived } from '../helpers/proxmox-world.ts'

function opened(change: (world: ProxmoxWorld) => void = () => {}) {
  const world = new ProxmoxWorld()
  change(world)
  return { io: world.io(), state: () => world.state() }
}

const anew = 'only doing it would tell, and an old answer says nothing of now'
judgeKind(kind, {
  plan: planOfArchived,
  component: archived,
  open: () => opened(),
  mostKills: 100,
  modes: ['preparation', 'rehearsal', 'live'],
  alwaysAnew: {
    seed: 'run again it brings the archive of the day',
    'test-restore': anew,
    'final-delta': 'a rehearsal brings a fresh archive each time',
    compare: anew,
    'way-back': 'it only looks whether the writes could come home, and notes that they may have to',
  },
  undoLeaves: {
    'way-back': 'the record says that what was written at the target is home',
  },
  amiss: {
    'the guest’s agent is silent': () =>
      opened(world => {
        world.target.guest().agent = false
      }),
    'rsync is missing': () => opened(world => void world.missing.add('rsync')),
    'somebody has the number at the target': () =>
      opened(world => void world.target.machines.set(101, { config: {}, running: true })),
    'the machine is locked': () =>
      opened(world => void Object.assign(world.source.machines.get(101) ?? {}, { lock: 'backup' })),
  },
})
