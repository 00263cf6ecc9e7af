import { kind } from '../../src/kinds/service/index.ts'
import { ServiceHosts } from '../doubles/service-hosts.ts'
import { judgeKind } from '../helpers/kind-contract.ts'
import { component, plan } from '../helpers/service-world.ts'

const own = component()

function opened(arrange: (world: ServiceHosts) => void = () => {}) {
  const world = new ServiceHosts()
  world.running.add('montpellier-auth')
  world.disabled.add('toulouse-auth')
  arrange(world)
  return {
    io: world.io,
    state: () => [world.flags, world.running, world.disabled].map(names => [...names].sort()),
  }
}

judgeKind(kind, {
  plan: { ...plan, components: { auth: own } },
  component: own,
  open: () => opened(),
  modes: ['rehearsal', 'live'],
  undoLeaves: {
    'maintenance-on': 'the page of the target stays on until the service is reopened there',
    'maintenance-on-target': 'the page of the target stays on until the service is reopened there',
  },
  amiss: {
    'nothing answers': () =>
      opened(world => {
        world.answer = () => {
          throw new Error('connect ECONNREFUSED')
        }
      }),
    'the service does not stop': () => opened(world => void world.stubborn.add('montpellier-auth')),
    'the service does not start': () =>
      opened(world => void Object.assign(world.broken, { 'toulouse-auth': 9 })),
    'the reverse proxy ignores its flag': () =>
      opened(world => void world.deafEdges.add('montpellier-gateway')),
  },
})
