import { kindOf } from '../kit/define-kind.ts'
import { facts } from './facts.ts'
import { spec } from './spec.ts'

/** PostgreSQL by physical streaming replication, in Debian's layout (pg_ctlcluster), versions 13 to 18. */
export const postgres = kindOf('postgres', spec, facts)
