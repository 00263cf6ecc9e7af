import { wireguard } from '../facts.ts'
import { nothingToUndo, shown, timings } from '../step.ts'
import { proveFreshTunnel, proven } from '../tester/tunnel.ts'

/** The rehearsal's proof, by the target's address: the name still leads to the source. */
export const tryTarget = wireguard.action({
  name: 'try',
  touches: ['outside'],
  result: proven,
  plan: about => ({
    ...timings(about, 10),
    title: { key: 'wireguard.try.title', values: shown(about) },
    stage: 'switch',
    attempts: 4,
    backoffSeconds: 5,
    undo: nothingToUndo,
  }),
  isDone: async () => false,
  apply: (acting, io) => proveFreshTunnel(acting, acting.spec.target.endpoint, io.at('outside')),
})
