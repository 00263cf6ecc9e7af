import { files } from '../facts.ts'
import { fenceState, liftFence, putFence, writersLeft } from '../fence.ts'
import { planned } from '../planned.ts'
import { treePairOf } from '../tree-pair.ts'

/**
 * From here on the source's tree is read only for everybody: who comes late is refused, and told so, by NFS, SFTP, a share or a
 * program of the host. What comes back in a rollback goes through it (`throughFence`), so that it is lifted last.
 */
export const fence = files.action({
  name: 'fence',
  touches: ['source'],

  plan: ({ component, plan, spec }) => {
    const trees = treePairOf({ component, plan, spec })
    const values = { host: trees.source.ssh, path: trees.source.path }
    return {
      ...planned(2, {
        title: { key: 'files.fence.title', values: { component: component.title } },
        stage: 'fence',
        undo: {
          possible: true,
          expectedSeconds: 1,
          deadlineSeconds: 60,
          byHand: { key: 'files.fence.byHand', values },
        },
      }),
      // an attempt waits for those who still have something open
      deadlineSeconds: 150,
    }
  },

  async isDone(about, io) {
    const trees = treePairOf(about)
    if ((await fenceState(io, trees)) !== 'put') return false
    return (await writersLeft(io, trees)).length === 0
  },

  async apply(acting, io) {
    await putFence(io.at('source'), treePairOf(acting), acting.facts.sourceMountPoint)
    return undefined
  },

  async undo(acting, io) {
    await liftFence(io.at('source'), treePairOf(acting))
  },
})
