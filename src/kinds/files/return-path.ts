import type { TypedReturnPath } from '../kit/kind-parts.ts'
import { handBack, reverseChannel } from './actions/reverse-channel.ts'
import type { FilesFacts } from './facts.ts'
import type { FilesSpec } from './spec.ts'
import { compare } from './sync.ts'
import { treePairOf } from './tree-pair.ts'

/**
 * Files come back in the rollback. Until then the target alone has what changed since the handover, or since the files were last
 * brought back by a repair. A look walks both trees, without contents.
 */
export const returnPath: TypedReturnPath<FilesSpec, FilesFacts> = {
  madeBy: reverseChannel,
  everySeconds: 300,

  async look(about, io) {
    const report = await compare(io, treePairOf(about), { direction: 'back', delete: {} })
    const { sentFiles: files, sentBytes, deleted } = report
    return {
      state: 'good',
      bytesBehind: sentBytes,
      secondsBehind: files + deleted === 0 ? 0 : null,
      atStake: { key: 'files.returnPath.atStake', values: { files, deleted } },
    }
  },

  async repair(acting, io) {
    const { sentFiles, sentBytes, deleted } = await handBack(io.at('source', 'target'), treePairOf(acting), {
      knownFiles: acting.facts.files ?? 0,
      since: undefined,
      fencingNumber: acting.fencingNumber,
    })
    return { files: sentFiles, bytes: sentBytes, deleted }
  },
}
