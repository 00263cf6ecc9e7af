import { join } from 'node:path'
import { takeAuthority } from '../../src/cli/authority.ts'
import { openJournal } from '../../src/journal/journal.ts'
import { kind } from '../../src/kinds/authority/index.ts'
import type { Plan } from '../../src/model/plan.ts'
import { systemClock } from '../../src/run/clock.ts'
import { takeLock } from '../../src/run/lock.ts'
import { sealKey } from '../../src/run/seal-key.ts'
import type { OpenState } from '../../src/run/state.ts'
import { type LocalSites, localSites } from './local-sites.ts'
import { aPlan, aStep } from './small-runbook.ts'

const host = (ssh: string) => ({ ssh, address: ssh, become: 'sudo' as const })
export const planWithoutCopies = aPlan([aStep('a.act')])
/** The first host of each site keeps a copy. */
export const planWithCopies: Plan = {
  ...planWithoutCopies,
  sites: {
    source: { id: 's', title: 'S', hosts: { database: host('s-db'), files: host('s-files') } },
    target: { id: 't', title: 'T', hosts: { database: host('t-db') } },
  },
  components: {
    ...planWithoutCopies.components,
    authority: {
      ...{ id: 'authority', kind: 'authority', title: '', criticality: 'critical', owner: '' },
      ...{ needs: [], spec: {} },
    },
  },
}

export const note = { type: 'note', text: { key: 'test.step' } } as const

let count = 0

/** A state directory, and folders in place of the hosts that keep the copies of its journal. */
export class CopyBench {
  readonly directory: string
  readonly sites: LocalSites

  constructor(home: string) {
    this.directory = join(home, String(++count))
    this.sites = localSites(join(home, `sites-${count}`), planWithCopies.name)
  }

  /** As a program of its own opens it. */
  opened(at = this.directory) {
    const journal = openJournal(join(at, 'journal.db'), { redact: value => value })
    const lock = takeLock(at, 'marie', 'run', systemClock.now().toString())
    const transport = { ioFor: () => this.sites.io }
    const state = { lock, journal, transport, sealKey: () => sealKey(at) } as unknown as OpenState
    const close = (): void => {
      lock.release()
      journal.close()
    }
    const take = () => takeAuthority({ authority: kind }, true)(state, planWithCopies)
    return { state, journal, lock, close, take }
  }
}
