import { expect, it } from 'vitest'
import { kind } from '../../src/kinds/service/index.ts'
import { ServiceHosts } from '../doubles/service-hosts.ts'
import { component, plan } from '../helpers/service-world.ts'

/** A service at the source that lets its first requests wait until they are given up, as a busy machine does. */
async function auditedWith(lateTimes: number) {
  const world = new ServiceHosts()
  world.running.add('montpellier-auth')
  let asked = 0
  world.answer = ({ connectTo, url, timeoutSeconds }) => {
    if (connectTo !== undefined || !url.startsWith('http://10.80.1.')) return undefined
    asked += 1
    if (asked > lateTimes) return undefined
    world.seconds += timeoutSeconds ?? 0
    throw new Error('The operation was aborted due to timeout')
  }
  const context = { plan, mode: 'preparation' as const, facts: {} }
  const facts = await kind.audit(component(), context, world.io)
  const found = kind.findings(component(), facts, context).map(({ id, level }) => `${level} ${id}`)
  return { asked, found, facts, seconds: world.seconds }
}

it('asks a service again that answers late, and says so', async () => {
  const { asked, found, facts } = await auditedWith(2)
  expect(asked).toBe(3)
  expect(facts['source.healthStatus']?.value).toBe(200)
  expect(facts['source.askedAgain']?.value).toBe(2)
  expect(found).toContain('warn auth.source-late')
  expect(found).not.toContain('block auth.source-unhealthy')
})

it('gives up a service that never answers', async () => {
  const { asked, found } = await auditedWith(99)
  expect(asked).toBe(3)
  expect(found).toContain('block auth.source-unhealthy')
  expect(found).not.toContain('warn auth.source-late')
})

it('takes what is refused at once for an answer', async () => {
  const world = new ServiceHosts()
  const facts = await kind.audit(component(), { plan, mode: 'preparation', facts: {} }, world.io)
  expect(facts['source.healthStatus']?.value).toBe(0)
  expect(facts['source.askedAgain']?.value).toBe(0)
  expect(world.seconds).toBe(0)
})

it('waits once for a target where nothing is yet', async () => {
  const world = new ServiceHosts()
  world.running.add('montpellier-auth')
  let asked = 0
  world.answer = ({ url, timeoutSeconds }) => {
    if (!url.startsWith('http://10.80.2.')) return undefined
    asked += 1
    world.seconds += timeoutSeconds ?? 0
    throw new Error('The operation was aborted due to timeout')
  }
  const facts = await kind.audit(component(), { plan, mode: 'preparation', facts: {} }, world.io)
  expect(facts['target.healthStatus']?.value).toBe(0)
  expect(asked).toBe(1)
})
