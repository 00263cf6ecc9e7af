import { kind } from '../../src/kinds/authority/index.ts'
import type { Plan } from '../../src/model/plan.ts'
import { recordingIo } from '../doubles/recording.ts'
import { onCommand } from '../doubles/recording-answers.ts'
import { judgeKind } from '../helpers/kind-contract.ts'

const host = (ssh: string) => ({ ssh, address: ssh, become: 'sudo' as const })
const plan = {
  name: 'techcorp',
  sites: {
    source: { id: 'montpellier', title: 'Montpellier', hosts: { db: host('m-db'), files: host('m-files') } },
    target: { id: 'toulouse', title: 'Toulouse', hosts: { db: host('t-db') } },
  },
} as unknown as Plan

judgeKind(kind, {
  plan,
  component: {
    ...{ id: 'authority', kind: 'authority', title: '', criticality: 'critical', owner: 'lead', needs: [] },
    spec: {},
  },
  open: () => opened({ site: 'montpellier', fencingNumber: 1 }),
  amiss: {
    'a newer program has written': () => opened({ site: 'montpellier', fencingNumber: 7 }),
    'the other site has authority': () => opened({ site: 'toulouse', fencingNumber: 1 }),
    'programs are missing': () => opened({ site: 'montpellier', fencingNumber: 1 }, 'flock\nsed\n'),
    'the record is not Bascule’s': () => opened('hello'),
    'the record is being written': () => opened({ site: 'montpellier', fencingNumber: 1 }, '', 76),
    'the disk is full': () => opened({ site: 'montpellier', fencingNumber: 1 }, '', 1),
  },
})

/** Hosts on which a claim has written already. `end`: how a writing ends. */
function opened(first: { site: string; fencingNumber: number } | string, missing = '', end = 0) {
  const written = new Map<string, string>()
  const shown = (record: object) =>
    JSON.stringify({ migration: 'techcorp', holder: 'ops', at: '', lineage: '', ...record })
  for (const name of ['m-db', 'm-files', 't-db'])
    written.set(name, typeof first === 'string' ? first : shown(first))
  const io = recordingIo({
    answers: [
      onCommand('command -v', missing),
      onCommand('cat -- ', ({ where }) => written.get(where) ?? ''),
      onCommand('write-authority.sh', ({ where, argv }) => {
        const [, , fencingNumber = '', site = ''] = argv.slice(4)
        const stands = JSON.parse(written.get(where) ?? '{}') as { fencingNumber: number }
        if (stands.fencingNumber > Number(fencingNumber))
          return { exitCode: 75, stdout: written.get(where) ?? '' }
        if (end === 0) written.set(where, shown({ site, fencingNumber: Number(fencingNumber) }))
        return { exitCode: end, stderr: end === 0 ? '' : 'no space left on device' }
      }),
    ],
  })
  return { io, state: () => Object.fromEntries(written) }
}
