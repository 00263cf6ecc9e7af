import { z } from 'zod'
import type { Kind } from '../model/kind.ts'
import * as field from './fields.ts'

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
        name: field.id().describe('Short name: names the journal and the state folder.'),
        title: field.line().describe('What people call this migration.'),
        zone: field.zone().describe('IANA time zone of the window, of the days and of every printed time.'),
        window: windowSchema.describe('The night: when the service may be cut.'),
        ssh: sshSchema.prefault({}).describe('How ssh is called.'),
        sites: sitesSchema.describe('The two places and their hosts.'),
        outside: z
          .record(field.id(), hostSchema, 'plan.expected.map')
          .prefault({})
          .describe(
            'Hosts at neither site, from which Bascule looks at both as others do: a trainer’s machine, a stranger’s.',
          ),
        people: z
          .array(personSchema, 'plan.expected.list')
          .min(1, 'plan.expected.person')
          .describe('Who does what.'),
        components: z
          .record(field.id(), componentSchema(kinds), 'plan.expected.map')
          .describe('What moves. The key is the component’s id.'),
        checks: z
          .record(field.checkId(), checkSchema, 'plan.expected.map')
          .prefault({})
          .describe('Read-only tests with a threshold, asked at a gate. The key is the check’s id.'),
        gates: gatesSchema.describe('Where the run stops until the checks pass and these roles say GO.'),
        phases: z
          .record(field.id(), phaseSchema, 'plan.expected.map')
          .prefault({})
          .describe('The days before and after, for people and calendars. The key is the phase’s id.'),
        rollback: rollbackSchema.describe('When and how the night is undone.'),
        notices: z
          .record(field.id(), noticeSchema, 'plan.expected.map')
          .prefault({})
          .describe('Messages to people. The key is the notice’s id.'),
      },
      'plan.expected.map',
    )
    .meta({ title: 'Bascule plan' })
}

const strict = <Shape extends z.core.$ZodLooseShape>(shape: Shape) =>
  z.strictObject(shape, 'plan.expected.map')
const role = () => field.id().describe('A role that someone in `people` has.')

const windowSchema = strict({
  start: field.localTime().describe('Local date and time in `zone`. In a repeated hour, with its offset.'),
  length: field.duration().describe('How long the service may be cut.'),
  rollbackReserve: field.duration().describe('Kept free at the end, so that a rollback can still finish.'),
})

const sshSchema = strict({
  configFile: field.path().optional().describe('Given to `ssh -F`. Without it ssh reads its usual files.'),
  connectTimeout: field.duration().prefault('10 s').describe('How long a connection may take.'),
})

const hostSchema = strict({
  ssh: field
    .sshName()
    .describe('The name given to the ssh program: a Host of its configuration, or user@address.'),
  address: field.address().describe('What the other hosts of the estate reach it by.'),
  become: z
    .enum(['sudo', 'runuser'])
    .default('sudo')
    .describe('How another user’s commands are run there: `runuser` when ssh logs in as root.'),
})
const siteSchema = strict({
  id: field.id().describe('Short name of the place.'),
  title: field.line().describe('What people call it.'),
  hosts: z
    .record(field.id(), hostSchema, 'plan.expected.map')
    .describe('Its hosts, by the names components use.'),
})
const sitesSchema = strict({
  source: siteSchema.describe('Where the estate is.'),
  target: siteSchema.describe('Where it goes.'),
})

const personSchema = strict({
  role: field.id().describe('Named by `owner` and `signoffs`. Two people may share a role.'),
  name: field.line().describe('Full name.'),
  contact: field.line().describe('How to reach them during the night.'),
  duties: field.line().optional().describe('What they do.'),
  available: field.days().describe('From which day to which day.'),
})

const gateIds = ['go', 'integrity', 'reopen'] as const
const amount = () =>
  z
    .union([z.number(), z.string()], 'plan.expected.amount')
    .describe('A figure in the measure’s unit, or with a unit of its own (`5 GB`, `2 s`).')
const checkSchema = strict({
  component: field.id().describe('The component that is measured.'),
  measure: z.string('plan.expected.text').describe('A measure that the component’s kind offers.'),
  atLeast: amount().optional(),
  below: amount().optional(),
  equals: amount().optional(),
  gate: z
    .enum(gateIds)
    .describe('`go` before the cut, `integrity` before the handover, `reopen` before users return.'),
  onFailure: z
    .enum(['block', 'roll-back', 'alert'])
    .describe('When it still fails after its attempts: keep the gate shut, undo the night, or only tell.'),
  attempts: z.int().min(1).max(100).default(1).describe('How often it is tried.'),
  backoff: field.duration().prefault('5 s').describe('Pause between two attempts.'),
}).meta({
  oneOf: ['atLeast', 'below', 'equals'].map(threshold => ({
    type: 'object',
    properties: { [threshold]: {} },
    required: [threshold],
  })),
})

const signoffs = () => z.array(role(), 'plan.expected.list').describe('Roles that must say GO, each by name.')
const gatesSchema = strict({
  go: strict({ signoffs: signoffs().min(1, 'plan.expected.signoff') }).describe('May the cut begin?'),
  integrity: strict({ signoffs: signoffs().default([]) })
    .prefault({})
    .describe('Is the target equal to the source?'),
  reopen: strict({ signoffs: signoffs().default([]) })
    .prefault({})
    .describe('May users come back?'),
})

const phaseSchema = strict({
  title: field.line().describe('What is done.'),
  days: field.days().describe('From which day to which day.'),
  owner: role(),
})

const rollbackSchema = strict({
  databaseStart: field
    .duration()
    .describe('R1: how long a component with data may take to accept writes at the target.'),
  serviceStartAttempts: z
    .int()
    .min(1)
    .max(20)
    .describe('R2: how often a service is started at the target before the night is undone.'),
  lineLost: field
    .duration()
    .prefault('5 min')
    .describe('R4: how long a lost line is waited for, once users are cut, before the night is undone.'),
  margin: field.duration().prefault('10 min').describe('Added to every forecast of a rollback.'),
  undoAttempts: z.int().min(1).max(20).default(3).describe('How often an undo is tried.'),
  undoBackoff: field.duration().prefault('5 s').describe('Pause between two attempts of an undo.'),
})

const noticeSchema = strict({
  day: field.day().describe('When it is sent.'),
  to: field.line().describe('Who receives it.'),
  subject: field.line().describe('Its subject.'),
  bodyFile: field.path().describe('Its text, a file beside the plan.'),
})

const commonFields = {
  title: field.line().optional().describe('What people call it. Its id when left out.'),
  criticality: z.enum(['critical', 'high', 'medium', 'low']).describe('How much depends on it.'),
  owner: role(),
  needs: z
    .array(field.id(), 'plan.expected.list')
    .default([])
    .describe('Components that must be up before it.'),
  declaredSize: field
    .sizeRange()
    .optional()
    .describe('What people believe its size is; the audit measures it.'),
}
export const commonKeys = ['kind', ...Object.keys(commonFields)]

/** Each kind's own fields stand flat beside the common ones; its refinements see both. */
function componentSchema(kinds: Record<string, Kind>) {
  const options = Object.values(kinds).map(({ kind, spec }) => {
    const own = spec as z.ZodObject
    const checks = (own._zod.def.checks ?? []) as unknown as z.core.CheckFn<unknown>[]
    const kindField = z.literal(kind).describe('What kind of thing it is: decides the fields beside.')
    return strict({ kind: kindField, ...commonFields, ...own.shape })
      .check(...checks)
      .meta({ id: `component-${kind}`, title: `Component of kind ${kind}` })
  })
  return z.discriminatedUnion('kind', options as unknown as [(typeof options)[number]], 'plan.expected.map')
}
