import { Temporal } from 'temporal-polyfill'
import { z } from 'zod'
import type { MessageKey, Text } from '../model/text.ts'
import { parseDay, parseDays, parseMoment } from './days.ts'
import { isLocalTime, isZone } from './local-time.ts'
import { nearestName } from './nearest.ts'
import { parseByteRate, parseDuration, parseSizeRange } from './quantity.ts'

/**
 * The human notations as zod types. An error's message is the key of the sentence that says what was expected
 * (src/plan/messages.ts); `params.problem` says what is wrong when more than the shape is.
 */
export type IssueParams = { problem?: Text; nearest?: string | undefined }

class Misread {
  readonly key: MessageKey
  readonly nearest: string | undefined
  constructor(key: MessageKey, nearest?: string) {
    this.key = key
    this.nearest = nearest
  }
}

/** Text that is read into something else; `pattern` is for the JSON Schema, `read` decides. */
function notation<T>(
  expected: string,
  pattern: string,
  examples: string[],
  read: (text: string) => T | Misread,
) {
  return z
    .string(expected)
    .meta({ pattern, examples })
    .transform((text, context): T => {
      const value = read(text)
      if (!(value instanceof Misread)) return value
      const problem = { key: value.key, values: { value: text } }
      const params: IssueParams = { problem, nearest: value.nearest }
      context.issues.push({ code: 'custom', message: expected, params, input: text })
      return z.NEVER
    })
}

const figure = String.raw`\d+([.,]\d+)?`

/** Seconds. */
export const duration = () =>
  notation(
    'plan.expected.duration',
    `^(${figure} ?(ms|s|min|h|d|j) ?)+$`,
    ['45 s', '90 min', '2 h', '1 h 30 min'],
    text => parseDuration(text) ?? new Misread('plan.notUnderstood'),
  )

/** Bytes, from and to. */
export const sizeRange = () =>
  notation(
    'plan.expected.size',
    `^${figure} ?([kKMGT]?[Bo])?( ?[-–] ?${figure} ?[kKMGT]?[Bo])?$`,
    ['500 MB', '50-100 GB'],
    text => parseSizeRange(text) ?? new Misread('plan.notUnderstood'),
  )

/** Bytes per second. */
export const byteRate = () =>
  notation(
    'plan.expected.byteRate',
    `^${figure} ?([kMG]?[Bo]|[MG]bit)/s$`,
    ['60 MB/s', '200 Mbit/s'],
    text => parseByteRate(text) ?? new Misread('plan.notUnderstood'),
  )

/** A time of day, in the night of the window or on a day relative to it. */
export const moment = () =>
  notation(
    'plan.expected.moment',
    String.raw`^([JjDd]( ?[+-] ?\d{1,3})? )?\d{1,2}[:h]\d{2}$`,
    ['22:15', 'J-1 14:00'],
    text => parseMoment(text) ?? new Misread('plan.notUnderstood'),
  )

/** Days from and until, relative to the window's. */
export const days = () =>
  notation(
    'plan.expected.days',
    String.raw`^[JjDd]( ?[+-] ?\d{1,3})?( (to|until|à|au) [JjDd]( ?[+-] ?\d{1,3})?)?$`,
    ['J-14 to J+7', 'D-7'],
    text => {
      const value = parseDays(text)
      if (value === undefined) return new Misread('plan.notUnderstood')
      return value.fromDay <= value.untilDay ? value : new Misread('plan.daysBackwards')
    },
  )

export const day = () =>
  notation(
    'plan.expected.day',
    String.raw`^[JjDd]( ?[+-] ?\d{1,3})?$`,
    ['J-7'],
    text => parseDay(text) ?? new Misread('plan.notUnderstood'),
  )

/** Local date and time, normalised to `2026-12-12T22:00`; an explicit offset stays for the zone's rule to judge. */
export const localTime = () =>
  notation(
    'plan.expected.localTime',
    String.raw`^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2})?([+-]\d{2}:\d{2})?$`,
    ['2026-12-12T22:00'],
    text => {
      if (!isLocalTime(text)) return new Misread('plan.notUnderstood')
      try {
        Temporal.PlainDateTime.from(text, { overflow: 'reject' })
        return text.replace(' ', 'T')
      } catch {
        return new Misread('plan.impossibleDate')
      }
    },
  )

export const zone = () =>
  notation('plan.expected.zone', String.raw`^[A-Za-z]\S*$`, ['Europe/Paris'], text =>
    isZone(text)
      ? text
      : new Misread('plan.unknownZone', nearestName(text, Intl.supportedValuesOf('timeZone'))),
  )

/** Ids stand in file names, in journal keys and before a dot in step ids. */
export const id = () => z.string('plan.expected.id').regex(/^[a-z][a-z0-9-]*$/, 'plan.expected.id')
export const checkId = () =>
  z.string('plan.expected.id').regex(/^[A-Za-z][A-Za-z0-9-]*$/, 'plan.expected.checkId')
export const line = () => z.string('plan.expected.text').regex(/^[^\r\n]*\S[^\r\n]*$/, 'plan.expected.line')

/** One line of a file of allowed signers is made of it: nothing but a type and a body counts, and nothing else may stand there. */
const keyType =
  'ssh-ed25519|ssh-rsa|ecdsa-sha2-nistp(256|384|521)|sk-(ssh-ed25519|ecdsa-sha2-nistp256)@openssh\\.com'
export const publicKey = () =>
  z
    .string('plan.expected.publicKey')
    .regex(new RegExp(`^(${keyType}) [A-Za-z0-9+/]{40,}={0,2}( [^\\r\\n]*)?$`), 'plan.expected.publicKey')

/** Names that become arguments of programs: never an option, never two words. */
export const sshName = () => z.string('plan.expected.text').regex(/^[^\s-]\S*$/, 'plan.expected.sshName')
export const address = () =>
  z.string('plan.expected.text').regex(/^[A-Za-z0-9:][\w.:-]*$/, 'plan.expected.address')
export const httpUrl = () => z.url({ protocol: /^https?$/, error: 'plan.expected.httpUrl' })
export const path = () => z.string('plan.expected.text').regex(/^[^\s-]/, 'plan.expected.path')

/** A map of these keys and no others. */
export const strict = <Shape extends z.core.$ZodLooseShape>(shape: Shape) =>
  z.strictObject(shape, 'plan.expected.map')
export const role = () => id().describe('A role of `people`.')
