import type { Catalogues } from '../../model/text.ts'
import * as api from './messages/api.ts'
import * as base from './messages/base.ts'
import * as copy from './messages/copy.ts'
import * as delta from './messages/delta.ts'
import * as addresses from './messages/findings-addresses.ts'
import * as machine from './messages/findings-machine.ts'
import * as target from './messages/findings-target.ts'
import * as steps from './messages/steps.ts'
import * as wholeDisks from './messages/whole-disks.ts'

/** Each part keeps its sentences in a file of its own under `messages/`. */
const parts = [base, api, steps, delta, copy, wholeDisks, machine, target, addresses]

export const messages: Catalogues = {
  en: Object.assign({}, ...parts.map(part => part.english)),
  fr: Object.assign({}, ...parts.map(part => part.french)),
}
