import { messages as journal } from '../journal/messages.ts'
import type { Catalogues } from '../model/text.ts'
import { messages as plan } from '../plan/messages.ts'
import { messages as run } from '../run/messages.ts'
import { messages as runbook } from '../runbook/messages.ts'
import { messages as transport } from '../transport/messages.ts'
import { messages as views } from './messages.ts'

/** The sentences of every folder below the front ends; a front end adds its own, and each kind's when kinds are loaded. */
export const catalogues: Catalogues[] = [journal, plan, run, runbook, transport, views]
