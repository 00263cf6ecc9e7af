import { messages as journal } from '../journal/messages.ts'
import type { Catalogues } from '../model/text.ts'
import { messages as plan } from '../plan/messages.ts'
import { messages as run } from '../run/messages.ts'
import { messages as runbook } from '../runbook/messages.ts'
import { messages as transport } from '../transport/messages.ts'
import { messages as views } from '../views/messages.ts'
import { messages as cli } from './messages.ts'

/** The sentences of every folder but the kinds, whose own are added when they are loaded. */
export const catalogues: Catalogues[] = [cli, journal, plan, run, runbook, transport, views]
