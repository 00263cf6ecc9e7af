import type { KeysOf, Sentences } from '../../model/text.ts'
import { load } from './actions/load.ts'
import { persist } from './actions/persist.ts'
import { prove } from './actions/prove.ts'
import { vlans } from './actions/vlans.ts'
import { audit } from './audit.ts'
import { nftables } from './facts.ts'
import { findings } from './findings.ts'
import { figures, measures } from './measures.ts'
import en from './messages/en.json' with { type: 'json' }
import fr from './messages/fr.json' with { type: 'json' }

const messages: Sentences<typeof en> = { en, fr }

declare module '../../model/text.ts' {
  interface MessageKeys extends KeysOf<typeof en> {}
}

/** The firewalls of both sites: the target's is made as declared, and what passes either is measured. */
export const kind = nftables.defineKind({
  messages,
  audit,
  findings,
  // The target's gateway is made ready in the days before. In the window it is only measured, at the gates.
  plan: ({ spec }) => ({
    preparation: [...(spec.vlans.length > 0 ? [vlans] : []), load, persist, prove],
    rehearsal: [],
    live: [],
    close: [],
  }),
  actions: [vlans, load, persist, prove],
  figures,
  measures,
})
