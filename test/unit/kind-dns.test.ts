import { kind } from '../../src/kinds/dns/index.ts'
import { DnsPrimary } from '../doubles/dns-primary.ts'
import { component, plan, server } from '../helpers/dns-world.ts'
import { judgeKind } from '../helpers/kind-contract.ts'

const resolvers = [{ address: '10.80.4.53', port: 53 }]

judgeKind(kind, {
  plan,
  component: component({ resolvers, servers: [server] }),
  open: opened,
  alwaysAnew: { 'dry-run': 'its worth is in having just been done' },
  amiss: {
    'the primary is silent': () =>
      opened(world => {
        world.io.dns = async () => {
          throw new Error('timed out')
        }
      }),
    'somebody changed a record': () =>
      opened(world => {
        world.records[0] = { name: 'auth.techcorp.test', type: 'A', ttlSeconds: 3600, data: '10.9.9.9' }
      }),
    'the update is lost': () =>
      opened(world => {
        world.losesAnswers = true
      }),
  },
})

function opened(change: (world: DnsPrimary) => void = () => {}) {
  const world = new DnsPrimary()
  change(world)
  const records = () => world.records.map(record => JSON.stringify(record)).sort()
  return { io: world.io, state: records }
}
