import { wireguard } from '../facts.ts'
import { nothingToUndo, shown, timings } from '../step.ts'
import { proveFreshTunnel, proven } from '../tester/tunnel.ts'

/** By the name that clients have, once it leads to the target. */
export const prove = wireguard.action({
  name: 'prove',
  touches: ['outside'],
  result: proven,
  plan: about => ({
    ...timings(about, 10),
    title: { key: 'wireguard.prove.title', values: shown(about) },
    stage: 'settle',
    attempts: 4,
    backoffSeconds: 5,
    undo: nothingToUndo,
  }),
  isDone: async () => false,
  apply: (acting, io) =>
    proveFreshTunnel(acting, acting.spec.endpointName ?? acting.spec.target.endpoint, io.at('outside')),
})
