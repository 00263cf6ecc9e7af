import { describe, expect, it } from 'vitest'
import { plan as recordedPlan } from '../../src/journal/schemas.ts'
import { parsePlan } from '../../src/plan/parse.ts'
import { goodPlan, testKinds } from '../helpers/plan-kinds.ts'

function parsed(forecast: string) {
  const text = `${goodPlan}\n${forecast}`
  const result = parsePlan([{ name: 'plan.yaml', text }], testKinds)
  if ('errors' in result) throw new Error(JSON.stringify(result.errors))
  return result.plan
}

describe('the field `forecast`', () => {
  it('is absent where the plan does not write it, so that older plans stay as they are', () => {
    expect(parsed('')).not.toHaveProperty('forecast')
  })

  it('names a percentile, P95 by default, and how long a sign-off takes', () => {
    expect(parsed('forecast: {}').forecast).toEqual({ percentile: 95 })
    expect(parsed('forecast: { percentile: P80, signoff: 5 min }').forecast).toEqual({
      percentile: 80,
      signoffSeconds: 300,
    })
  })

  it('comes back from a journal', () => {
    const plan = parsed('forecast: { percentile: P50 }')
    expect(recordedPlan.parse(JSON.parse(JSON.stringify(plan)))).toEqual(plan)
  })

  it.each(['forecast: { percentile: P99 }', 'forecast: { signoff: soon }', 'forecast: { odds: 3 }'])(
    'is refused as %s',
    written => {
      expect(() => parsed(written)).toThrow()
    },
  )
})
