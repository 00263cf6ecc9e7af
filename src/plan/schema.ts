import { z } from 'zod'
import type { Kind } from '../model/kind.ts'
import * as field from './fields.ts'
import { strict } from './fields.ts'
import { forecastSchema } from './forecast-schema.ts'
import { readinessSchema } from './readiness-schema.ts'
import { noticeSchema, personSchema, phaseSchema } from './schema-calendar.ts'
import { architectureSchema, ratesSchema, scheduleSchema } from './schema-schedule.ts'

type PlanSchema = ReturnType<typeof buildSchema>
export type ParsedPlan = z.output<PlanSchema>

/** Built once for the same kinds: zod prepares a schema at its first use, which takes longer than reading a plan. */
const built = new WeakMap<Record<string, Kind>, PlanSchema>()

/** The plan as people write it. Parsing gives the same shape with human notations read and defaults filled in. */
export function planSchema(kinds: Record<string, Kind>): PlanSchema {
  const schema = built.get(kinds) ?? buildSchema(kinds)
  built.set(kinds, schema)
  return schema
}

function buildSchema(kinds: Record<string, Kind>) {
  return z
    .strictObject(
      {
        bascule: z.literal(1, 'plan.expected.version').describe('Version of this format. Always 1.'),
        name: field.id().describe('Short name, also of the state directory.'),
        title: field.line().describe('Title of the migration, as shown in status and report.'),
        zone: field.zone().describe('IANA time zone of the window, the days and every displayed time.'),
        window: windowSchema.describe('Maintenance window: services may be interrupted.'),
        ssh: sshSchema.prefault({}).describe('How ssh is called.'),
        sites: sitesSchema.describe('The two sites and their hosts.'),
        outside: z
          .record(field.id(), hostSchema, 'plan.expected.map')
          .prefault({})
          .describe(
            'Hosts outside both sites, from which Bascule tests: a trainer’s PC, a host without any permission.',
          ),
        signatures: z
          .enum(['required', 'declared'])
          .default('required')
          .describe(
            '`required`: operator commands are signed by the ssh key of who gives them. `declared`: names and roles are taken as typed.',
          ),
        timestamps: timestampsSchema
          .optional()
          .describe(
            'A time-stamp authority (RFC 3161) that dates the journal’s seals. Default: none is asked.',
          ),
        people: z
          .array(personSchema, 'plan.expected.list')
          .min(1, 'plan.expected.person')
          .describe('Who does what.'),
        author: authorSchema.optional().describe('Who wrote the plan. Without it, nobody is named.'),
        components: z
          .record(field.id(), componentSchema(kinds), 'plan.expected.map')
          .describe('What Bascule migrates or configures. The key is the component’s id.'),
        checks: z
          .record(field.checkId(), checkSchema, 'plan.expected.map')
          .prefault({})
          .describe('Read-only measurements with a threshold, made at a gate. The key is the check’s id.'),
        gates: gatesSchema.describe(
          'The run waits there until the checks have passed and these roles have given their GO.',
        ),
        phases: z
          .record(field.id(), phaseSchema, 'plan.expected.map')
          .prefault({})
          .describe(
            'Periods before and after the window, with who does the work. The key is the phase’s id.',
          ),
        schedule: scheduleSchema(),
        rates: ratesSchema(),
        architecture: architectureSchema(),
        rollback: rollbackSchema.describe('When and how the run rolls back.'),
        readiness: readinessSchema
          .optional()
          .describe(
            'What the run wants proved before it begins. Without it, an old preflight is only told, in the journal.',
          ),
        forecast: forecastSchema
          .optional()
          .describe('What the forecast asks of its simulated nights. Without it, the defaults below.'),
        notices: z
          .record(field.id(), noticeSchema, 'plan.expected.map')
          .prefault({})
          .describe('User notices. The key is the notice’s id.'),
      },
      'plan.expected.map',
    )
    .meta({ title: 'Bascule plan' })
}

const windowSchema = strict({
  start: field.localTime().describe('Local date and time in `zone`. In a repeated hour, with its offset.'),
  length: field.duration().describe('Length of the window.'),
  rollbackReserve: field
    .duration()
    .describe('Left free at the end of the window, so that a rollback can finish.'),
})

const sshSchema = strict({
  configFile: field.path().optional().describe('Given to `ssh -F`. Without it ssh reads its usual files.'),
  connectTimeout: field.duration().prefault('10 s').describe('Longest time to open a connection.'),
})

const hostSchema = strict({
  ssh: field.sshName().describe('Name given to ssh: a Host of its configuration, or user@address.'),
  address: field.address().describe('Address at which the other hosts of the plan reach it.'),
  become: z
    .enum(['sudo', 'runuser'])
    .default('sudo')
    .describe('How commands are run as another user: `runuser` if ssh logs in as root.'),
})
const siteSchema = strict({
  id: field.id().describe('Short name of the site.'),
  title: field.line().describe('Displayed name.'),
  hosts: z
    .record(field.id(), hostSchema, 'plan.expected.map')
    .describe('Its hosts. The key is the name that components use.'),
})
const sitesSchema = strict({
  source: siteSchema.describe('The site that serves users before the migration.'),
  target: siteSchema.describe('Where it goes.'),
})

const timestampsSchema = strict({
  url: field.httpUrl().describe('Where the authority takes requests, by HTTP POST.'),
  trusted: field
    .path()
    .optional()
    .describe('File of its root certificate (PEM), on the machine where `bascule journal verify` is typed.'),
})

const gateIds = ['go', 'integrity', 'reopen'] as const
const authorSchema = strict({
  name: field.line().describe('A `name` of `people`.'),
  mayNotApprove: z
    .array(z.enum([...gateIds, 'countersign']), 'plan.expected.list')
    .default([])
    .describe(
      'What somebody else must approve: the GO at these gates; with `countersign`, as the second of two people.',
    ),
})
const amount = () =>
  z
    .union([z.number(), z.string()], 'plan.expected.amount')
    .describe('A value in the measure’s unit, or with its own unit (`5 GB`, `2 s`).')
const checkSchema = strict({
  component: field.id().describe('The component that is measured.'),
  measure: z.string('plan.expected.text').describe('A measure of the component’s kind.'),
  atLeast: amount().optional(),
  below: amount().optional(),
  equals: amount().optional(),
  gate: z
    .enum(gateIds)
    .describe(
      '`go`: before the outage; `integrity`: before the transfer of authority; `reopen`: before users return.',
    ),
  onFailure: z
    .enum(['block', 'roll-back', 'alert'])
    .describe('If it still fails after its attempts: keep the gate closed, roll back, or only report.'),
  attempts: z.int().min(1).max(100).default(1).describe('Number of attempts.'),
  backoff: field.duration().prefault('5 s').describe('Pause between two attempts.'),
  maxAge: field
    .duration()
    .prefault('10 min')
    .describe('Oldest figure on which the gate opens: an older one is measured again after the last GO.'),
}).meta({
  oneOf: ['atLeast', 'below', 'equals'].map(threshold => ({
    type: 'object',
    properties: { [threshold]: {} },
    required: [threshold],
  })),
})

const signoffs = () => z.array(field.role(), 'plan.expected.list').describe('Roles that must give the GO.')
const gatesSchema = strict({
  go: strict({ signoffs: signoffs().min(1, 'plan.expected.signoff') }).describe('May the cut begin?'),
  integrity: strict({ signoffs: signoffs().default([]) })
    .prefault({})
    .describe('Is the target equal to the source?'),
  reopen: strict({ signoffs: signoffs().default([]) })
    .prefault({})
    .describe('May users come back?'),
})

const rollbackSchema = strict({
  databaseStart: field
    .duration()
    .describe('R1: longest time until a component with data accepts writes at the target.'),
  serviceStartAttempts: z
    .int()
    .min(1)
    .max(20)
    .describe('R2: attempts to start a service at the target before the run rolls back.'),
  lineLost: field
    .duration()
    .prefault('5 min')
    .describe(
      'R4: longest wait for a lost line during the outage, before the run rolls back. It does not apply to a held run.',
    ),
  margin: field.duration().prefault('10 min').describe('Added to every forecast duration of a rollback.'),
  undoAttempts: z.int().min(1).max(20).default(3).describe('Attempts of an undo.'),
  undoBackoff: field.duration().prefault('5 s').describe('Pause between two attempts of an undo.'),
})

const commonFields = {
  title: field.line().optional().describe('Displayed name. Default: its id.'),
  criticality: z.enum(['critical', 'high', 'medium', 'low']).describe('Importance.'),
  owner: field.role(),
  needs: z
    .array(field.id(), 'plan.expected.list')
    .default([])
    .describe('Components that must run before it.'),
  declaredSize: field.sizeRange().optional().describe('Assumed size. The audit measures the actual size.'),
}
export const commonKeys = ['kind', ...Object.keys(commonFields)]

/** Each kind's own fields stand flat beside the common ones; its refinements see both. */
function componentSchema(kinds: Record<string, Kind>) {
  const options = Object.values(kinds).map(({ kind, spec }) => {
    const own = spec as z.ZodObject
    const checks = (own._zod.def.checks ?? []) as unknown as z.core.CheckFn<unknown>[]
    const kindField = z.literal(kind).describe('Component type. It determines the other fields.')
    return strict({ kind: kindField, ...commonFields, ...own.shape })
      .check(...checks)
      .meta({ id: `component-${kind}`, title: `Component of kind ${kind}` })
  })
  return z.discriminatedUnion('kind', options as unknown as [(typeof options)[number]], 'plan.expected.map')
}
