import { Failure } from '../../model/failure.ts'
import type { ChangeIo } from '../../model/io.ts'
import type { KeysOf, Sentences } from '../../model/text.ts'
import { readText } from './commands.ts'
import { anyMethod } from './define.ts'
import { discover } from './discover.ts'
import { dumpMethod } from './dump/method.ts'
import { figures } from './figures.ts'
import { measuresBy } from './measures.ts'
import en from './messages/en.json' with { type: 'json' }
import fr from './messages/fr.json' with { type: 'json' }
import type { Method, MethodOf } from './method.ts'
import { returnPath } from './return-path.ts'
import { settingIn, settingsFile } from './settings.ts'
import { type ClusterSide, fencingPath, sidesOf } from './sides.ts'
import { streaming } from './streaming.ts'

const messages: Sentences<typeof en> = { en, fr }

declare module '../../model/text.ts' {
  interface MessageKeys extends KeysOf<typeof en> {}
}

const methods = [streaming, dumpMethod]
const methodOf: MethodOf = ({ spec }) =>
  methods.find(({ name }) => name === spec.method) as Method<never> as Method<typeof spec>

export const kind = anyMethod.defineKind({
  messages,
  lackingRules: ['safety-age'],
  provides: { connects: ({ spec: { source, target } }) => ({ source, target }) },
  discover,
  audit: (about, io) => methodOf(about).audit(about, io),
  steadyFacts: [
    ...(['sourceVersion', 'sourceSystemIdentifier', 'sourceDataDirectory', 'sourceGlibc'] as const),
    ...(['targetVersion', 'targetDataDirectory', 'targetGlibc', 'tablespaces', 'extensions'] as const),
  ],
  findings: about => methodOf(about).findings(about),
  plan: about => methodOf(about).plan(about),
  actions: methods.flatMap(({ actions }) => actions),
  figures,
  measures: measuresBy(methodOf),
  // of the plans that stream: the others plan no step that makes one
  returnPath,
  evidence: {
    records: {
      figures: ['compared', 'different'],
      label: { key: 'postgres.evidence.records' },
      sentence: 'postgres.evidence.records.figures',
      isGood: ({ different }) => different === 0,
    },
  },
  losesWithout: (measuring, side, io) => methodOf(measuring).losesWithout(measuring, side, io),
  claim: (about, side, io) => writeFencingToken(sidesOf(about)[side], about.fencingNumber, io),
})

const setting = 'bascule.fencing_number'

/**
 * Writes the run's fencing token into the configuration of a cluster before anything is changed there. A program with a smaller
 * token (one that was thought dead and wakes up) is refused: it would undo what its successor does.
 */
async function writeFencingToken(side: ClusterSide, token: number, io: ChangeIo): Promise<void> {
  const path = fencingPath(side)
  const { stdout, exitCode } = await io.read(side.host, readText(path), {
    allowFailure: true,
    asUser: 'postgres',
  })
  const current = exitCode === 0 ? Number(settingIn(stdout, setting) ?? 0) : 0
  if (current > token) {
    throw new Failure(
      { key: 'postgres.stale', values: { host: side.host, current, ours: token } },
      { remedy: { key: 'postgres.stale.remedy' } },
    )
  }
  if (current === token) return
  await io.writeFile(side.host, path, settingsFile(side.owner, { [setting]: token }), {
    mode: '0644',
    owner: 'postgres:postgres',
  })
}
