import { join } from 'node:path'
import { vi } from 'vitest'
import { kind } from '../../src/kinds/files/index.ts'
import type { Host, Plan } from '../../src/model/plan.ts'
import { FilesMachine } from '../doubles/files-machine.ts'
import { filesComponent, planWith } from '../helpers/files-world.ts'
import { judgeKind } from '../helpers/kind-contract.ts'
import { temporaryFolder } from '../helpers/temporary-folder.ts'

vi.setConfig({ testTimeout: 240_000 })

// One path for all worlds, one world at a time: the plan names it.
const root = join(temporaryFolder('kind-files'), 'root')
const component = filesComponent({
  source: { host: 'files', path: join(root, 'source/tree') },
  target: { host: 'files', path: join(root, 'target/tree') },
})
const host = (name: string): Host => ({ ssh: name, address: `${name}.test`, become: 'runuser' })
const plan = planWith(component)
const sites = (['source', 'target'] as const).map(side => [
  side,
  { ...plan.sites[side], hosts: { files: host(side) } },
])

const anew = 'only reading all of it would tell, and that is what it does'
judgeKind(kind, {
  plan: { ...plan, sites: Object.fromEntries(sites) } as Plan,
  component,
  open: () => opened(),
  // each kill is a whole preparation of real programs; test/contract/files.test.ts cuts the long ones
  mostKills: 4,
  modes: ['preparation', 'rehearsal', 'live'],
  alwaysAnew: {
    'first-sync': 'run again it is the delta of the day',
    prove: anew,
    'measure-delta': anew,
    'final-delta': 'run again it sends what is left',
    compare: anew,
    'reverse-channel': 'proving it again costs less than finding out',
  },
  amiss: {
    'the source is empty': () => opened(machine => machine.remove('source/tree/.')),
    'the source is missing': () => opened(machine => machine.remove('source')),
    'the source may not log in at the target': () =>
      opened(machine =>
        machine.put(
          'bin/ssh',
          '#!/bin/sh\necho "root@target.test: Permission denied (publickey)." >&2\nexit 255\n',
        ),
      ),
    'the target holds files of somebody else': () =>
      opened(machine => machine.put('target/tree/mine', 'mine')),
  },
})

function opened(change: (machine: FilesMachine) => void = () => {}) {
  const machine = new FilesMachine(root)
  change(machine)
  return { io: machine.io, state: () => machine.state(), close: () => machine.close() }
}
