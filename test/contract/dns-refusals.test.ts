import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { kind } from '../../src/kinds/dns/index.ts'
import { Failure } from '../../src/model/failure.ts'
import type { ChangeIo } from '../../src/model/io.ts'
import type { StepContext } from '../../src/model/kind.ts'
import { type Names, openNames, plan } from '../helpers/dns-names.ts'
import { keyName, zone } from '../helpers/dns-servers.ts'

const failureOf = async (work: Promise<unknown>): Promise<Failure> => {
  const thrown = await work.then(
    () => undefined,
    (error: unknown) => error,
  )
  expect(thrown).toBeInstanceOf(Failure)
  return thrown as Failure
}

let names: Names

describe('names on real DNS servers that refuse, differ or are down', () => {
  beforeAll(async () => {
    names = await openNames()
  })
  afterAll(() => names?.close())
  beforeEach(() => names.reset())

  it('refuses to switch a record that somebody changed, and names it; all others stay too', async () => {
    const component = names.component()
    await names.servers.update(`update delete auth.${zone}. A`, `update add auth.${zone}. 60 A 10.9.9.9`)
    const before = await names.serial()
    for (const step of ['switch', 'dry-run'])
      expect(
        await failureOf(names.step(component, step === 'switch' ? 'live' : 'rehearsal', step, {}).apply()),
      ).toMatchObject({
        text: {
          key: 'dns.records.changed',
          values: { records: expect.stringContaining(`auth.${zone} A: 10.9.9.9`) },
        },
      })
    expect(await names.serial()).toBe(before)
    const { recordsChanged } = kind.measures
    const measured = await recordsChanged?.measure(
      component,
      { plan, facts: {}, mode: 'live', results: {} },
      names.io,
    )
    expect(measured).toMatchObject({ value: 1 })
    const facts = await kind.audit(component, names.contextOf('live'), names.io)
    expect(kind.findings(component, facts, names.contextOf('live', facts))).toContainEqual(
      expect.objectContaining({ id: 'names.record-differs', level: 'block' }),
    )
  })

  it('lets the prerequisite catch a change between the look and the update', async () => {
    const component = names.component()
    const before = await names.serial()
    // Another hand writes right after this program has looked, and before it sends.
    let raced = false
    const racing: ChangeIo = {
      ...names.io,
      async changeLocal(argv, options) {
        if (!raced)
          await names.servers.update(
            `update delete auth.${zone}. A`,
            `update add auth.${zone}. 60 A 10.9.9.9`,
          )
        raced = true
        return names.io.changeLocal(argv, options)
      },
    }
    const [planned] = kind.plan(component, {}, names.contextOf('live'))
    const step = {
      ...planned,
      id: 'names.switch',
      component: 'names',
      kind: 'dns',
      owner: 'x',
    } as StepContext['step']
    const context: StepContext = {
      step,
      component,
      plan,
      facts: {},
      mode: 'live',
      fencingNumber: 1,
      results: {},
    }
    const failure = await failureOf(kind.actions.switch?.apply(context, racing) as Promise<unknown>)
    expect(failure.text).toMatchObject({ key: 'dns.records.changed' })
    expect(Number(await names.serial())).toBe(Number(before) + 1)
    expect((await names.seen(names.servers.primary, 'courses')).data).toEqual(['10.80.4.11'])
  })

  it.each([
    ['a wrong secret', keyName, 'wrong', 'dns.update.BADSIG'],
    ['an unknown key', 'nobody', 'tsig', 'dns.update.BADKEY'],
    ['a secret that is not base64', keyName, 'garbage', 'dns.update.BADSECRET'],
  ])('says clearly that %s is refused, and changes nothing', async (_what, name, secretFile, key) => {
    const file = `file:${join(names.servers.directory, secretFile)}`
    const component = names.component({
      update: { server: names.servers.primary, tsig: { name, secret: file } },
    })
    const before = await names.serial()
    const failure = await failureOf(names.step(component, 'live', 'switch', {}).apply())
    expect(failure.text.key).toBe(key)
    expect(failure.remedy?.key).toBe(`${key}.remedy`)
    expect(JSON.stringify(failure.text)).not.toContain('*not-base64*')
    const facts = await kind.audit(component, names.contextOf('live'), names.io)
    const refused = kind
      .findings(component, facts, names.contextOf('live', facts))
      .find(({ id }) => id === 'names.update-refused')
    expect(refused).toMatchObject({ level: 'block', text: { key } })
    expect(await names.serial()).toBe(before)
  })

  it('says which server is down, and waits for it no longer than planned', async () => {
    const component = names.component({ ...names.both(), propagationSeconds: 1 })
    await names.servers.stopSecondary()
    try {
      const facts = await kind.audit(component, names.contextOf('live'), names.io)
      expect(kind.findings(component, facts, names.contextOf('live', facts))).toContainEqual(
        expect.objectContaining({ id: 'names.server-silent', level: 'block' }),
      )
      const { serversDisagreeing } = kind.measures
      const context = { plan, facts: {}, mode: 'live', results: {} } as const
      expect(await serversDisagreeing?.measure(component, context, names.io)).toMatchObject({ value: 1 })
      const move = names.step(component, 'live', 'switch', {})
      const before = await names.serial()
      const failure = await failureOf(move.apply())
      expect(await names.serial()).toBe(before)
      expect(failure.text).toMatchObject({
        key: 'dns.servers.outOfStep',
        values: { servers: expect.stringContaining(`127.0.0.1:${names.servers.secondary.port}`) },
      })
      expect(await move.isDone()).toBe(false)
    } finally {
      await names.servers.startSecondary()
    }
    // It catches up by itself; the same step then finds its work done.
    const move = names.step(names.component(names.both()), 'live', 'switch', {})
    await move.apply()
    expect(await move.isDone()).toBe(true)
    await move.undo()
  })

  it('fails at once, and changes nothing, when the primary does not answer', async () => {
    const nobody = { address: '127.0.0.1', port: 1 }
    const component = names.component({
      servers: [nobody],
      resolvers: [],
      update: {
        server: nobody,
        tsig: { name: keyName, secret: `file:${join(names.servers.directory, 'tsig')}` },
      },
    })
    const failure = await failureOf(names.step(component, 'live', 'switch', {}).apply())
    expect(failure.text.key).toBe('dns.server.silent')
    const facts = await kind.audit(component, names.contextOf('live'), names.io)
    const found = kind.findings(component, facts, names.contextOf('live', facts)).map(({ id }) => id)
    expect(found).toEqual(['names.server-silent', 'names.update-refused'])
  })
})
