import { Temporal } from 'temporal-polyfill'
import type { MessageKey, Text } from '../../model/text.ts'
import type { PlanError } from '../error.ts'
import { isLocalTime, isZone, readLocalTime } from '../local-time.ts'
import type { PlanNode } from '../node.ts'
import { nodeAt, textOf } from '../node.ts'
import { parseDuration } from '../quantity.ts'
import { errorAt } from './rule.ts'

const startPath = ['window', 'start']

/** The window's start must come exactly once in its zone, and its reserve must leave time to move anything. */
export function clock(root: PlanNode): PlanError[] {
  return [...windowStart(root), ...windowLength(root)]
}

function windowStart(root: PlanNode): PlanError[] {
  const start = textOf(nodeAt(root, ...startPath))
  const zone = textOf(nodeAt(root, 'zone'))
  if (start === undefined || zone === undefined || !isLocalTime(start) || !isZone(zone)) return []
  try {
    Temporal.PlainDateTime.from(start, { overflow: 'reject' })
  } catch {
    return [] // an impossible date: its field has said so
  }
  const values = { start, zone }
  const problem = (key: MessageKey, expected: Text): PlanError[] => [
    errorAt(root, startPath, { key, values }, expected),
  ]
  const reading = readLocalTime(start, zone)
  if (reading.is === 'gap') {
    return problem('plan.clockGap', { key: 'plan.expected.afterGap', values: { next: reading.next } })
  }
  if (reading.is === 'fold') {
    const [first, second] = reading.offsets
    return problem('plan.clockFold', { key: 'plan.expected.offset', values: { start, first, second } })
  }
  if (reading.is === 'wrong-offset') {
    return problem('plan.clockOffset', {
      key: 'plan.expected.thisOffset',
      values: { offset: reading.offset },
    })
  }
  return []
}

function windowLength(root: PlanNode): PlanError[] {
  const length = parseDuration(textOf(nodeAt(root, 'window', 'length')) ?? '')
  const reserve = parseDuration(textOf(nodeAt(root, 'window', 'rollbackReserve')) ?? '')
  const errors: PlanError[] = []
  if (length === 0) errors.push(errorAt(root, ['window', 'length'], { key: 'plan.windowEmpty' }))
  if (length !== undefined && length > 0 && reserve !== undefined && reserve >= length) {
    errors.push(errorAt(root, ['window', 'rollbackReserve'], { key: 'plan.reserveTooLong' }))
  }
  return errors
}
