import { z } from 'zod'
import * as field from './fields.ts'
import { strict } from './fields.ts'
import { workFields } from './schema-schedule.ts'

/** Who there is, and what is due on which days: `bascule calendar` shows it. */
export const personSchema = strict({
  role: field.id().describe('Used by `owner` and `signoffs`. Two people may share a role.'),
  name: field.line().describe('Full name.'),
  contact: field.line().describe('How to reach them during the night: a phone number, and a mail address.'),
  duties: field.line().optional().describe('What they do.'),
  key: field
    .publicKey()
    .optional()
    .describe('Their ssh public key, as in `authorized_keys`, for `signatures: required`.'),
  available: field.days().describe('First and last day.'),
})

export const phaseSchema = strict({
  title: field.line().describe('What is done.'),
  days: field.days().describe('First and last day.'),
  owner: field.role(),
  ...workFields(),
  run: z
    .enum(['preparation', 'rehearsal', 'live', 'close'])
    .optional()
    .describe(
      'The run whose success shows in `bascule calendar` that the phase is done. Without it, only its dates are shown.',
    ),
})

export const noticeSchema = strict({
  day: field.day().describe('When it is sent.'),
  to: field.line().describe('Who receives it.'),
  subject: field.line().describe('Its subject.'),
  bodyFile: field.path().describe('File with its text, relative to the plan.'),
})
