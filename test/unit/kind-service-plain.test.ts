import { kind } from '../../src/kinds/service/index.ts'
import { PlainServiceHosts } from '../doubles/plain-service-hosts.ts'
import { judgeKind } from '../helpers/kind-contract.ts'
import { plainComponent } from '../helpers/plain-service-world.ts'
import { plan } from '../helpers/service-world.ts'

const own = plainComponent()

function opened(arrange: (world: PlainServiceHosts) => void = () => {}) {
  const world = new PlainServiceHosts()
  arrange(world)
  return { io: world.io, state: () => structuredClone(world.state()) }
}

judgeKind(kind, {
  plan: { ...plan, components: { worker: own } },
  component: own,
  open: () => opened(),
  modes: ['rehearsal', 'live'],
  alwaysAnew: { 'note-units': 'it only reads how the units are' },
  amiss: {
    'a unit does not stop': () => opened(world => void world.stubborn.add('montpellier-auth worker.service')),
    'the service does not start': () =>
      opened(world => void Object.assign(world.broken, { 'toulouse-auth': 99 })),
    'a block is not read by systemd': () => opened(world => void world.deaf.add('montpellier-auth')),
    'another program does its work': () => opened(world => void world.impostors.add('montpellier-auth')),
    'the timer is not installed': () =>
      opened(world => void world.units.delete('montpellier-auth worker.timer')),
  },
})
