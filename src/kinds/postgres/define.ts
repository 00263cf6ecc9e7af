import { kindOf } from '../kit/define-kind.ts'
import { facts } from './facts.ts'
import { spec } from './spec.ts'
import { dumpSpec, modelled, writtenSpec } from './spec-dump.ts'

/** PostgreSQL in Debian's layout (pg_ctlcluster), versions 13 to 18, by the method that the plan names. */
export const anyMethod = kindOf('postgres', writtenSpec, facts, modelled)

/** By physical streaming replication. */
export const postgres = kindOf('postgres', spec, facts)

/** By dump and restore. */
export const dumping = kindOf('postgres', dumpSpec, facts)
