import type { Catalogue, Catalogues } from '../../model/text.ts'
import * as api from './messages/api.ts'
import * as base from './messages/base.ts'
import * as copy from './messages/copy.ts'
import * as delta from './messages/delta.ts'
import * as addresses from './messages/findings-addresses.ts'
import * as machine from './messages/findings-machine.ts'
import * as target from './messages/findings-target.ts'
import { impossibleWays } from './messages/impossible-ways.ts'
import * as steps from './messages/steps.ts'
import * as wholeDisks from './messages/whole-disks.ts'
import * as zfs from './messages/zfs.ts'

/** Each part keeps its sentences in a file of its own under `messages/`. */
const parts = [base, api, steps, delta, zfs, copy, wholeDisks, machine, target, addresses]

const english: Catalogue = Object.assign({}, ...parts.map(part => part.english))
const french: Catalogue = Object.assign({}, ...parts.map(part => part.french))

export const messages: Catalogues = {
  en: { ...english, ...impossibleWays(english, '{{moved}}: way {{way}} is not possible: ') },
  fr: { ...french, ...impossibleWays(french, '{{moved}} : la voie {{way}} n’est pas possible : ') },
}
