import { describe, expect, it } from 'vitest'
import { kind } from '../../src/kinds/service/index.ts'
import { serviceSpec } from '../../src/kinds/service/spec.ts'
import type { Facts } from '../../src/model/fact.ts'
import type { Json, JsonObject } from '../../src/model/json.ts'
import { component, plan, specWith } from '../helpers/service-world.ts'

const problems = (changes: JsonObject) =>
  serviceSpec
    .safeParse(specWith(changes))
    .error?.issues.map(({ path, message }) => [path.join('.'), message]) ?? []

describe('what a plan says of a service', () => {
  it('is enough with the few fields that have no default', () => {
    expect(serviceSpec.parse(specWith())).toMatchObject({
      startSeconds: 60,
      stopSeconds: 30,
      probes: [],
      health: { status: 200 },
      maintenance: { status: 503 },
    })
  })

  it.each([
    ['two managers', { manager: { runit: 'a', systemd: 'b' } }, 'manager', 'fields.manager'],
    ['no manager', { manager: {} }, 'manager', 'fields.manager'],
    ['a unit that is an option', { manager: { runit: 'a b' } }, 'manager.runit', 'fields.unit'],
    ['a url with a slash at its end', { publicUrl: 'http://a.test/' }, 'publicUrl', 'service.spec.urlSlash'],
    ['a url that is none', { publicUrl: 'ftp://a.test' }, 'publicUrl', 'service.spec.url'],
    ['a secret as it is', { secrets: { word: 'hunter22' } }, 'secrets.word', 'fields.secretReference'],
    [
      'a secret in a path',
      { probes: [{ name: 'x', path: '/{{secret.word}}' }] },
      'probes.0.path',
      'service.spec.secretInPath',
    ],
    [
      'two lists',
      { probes: [{ name: 'x', path: '/', each: { a: 'b', c: 'd' } }] },
      'probes.0.each',
      'service.spec.each',
    ],
  ])('refuses %s', (_what, changes, path, message) => {
    expect(problems(changes)).toContainEqual([path, message])
    if (!message.startsWith('service.')) return
    for (const language of ['en', 'fr'] as const) expect(kind.messages[language]).toHaveProperty([message])
  })

  it('refuses a field it does not know, in a probe too', () => {
    expect(problems({ probes: [{ name: 'x', path: '/', metod: 'GET' }] })).toHaveLength(1)
  })
})

describe('findings', () => {
  const healthy: Record<string, Json> = {
    'source.installed': true,
    'source.running': true,
    'source.enabled': true,
    'source.healthStatus': 200,
    'source.healthMilliseconds': 4,
    'source.edgeStatus': 200,
    'source.askedAgain': 0,
    'source.maintenanceDirectory': true,
    'source.maintenanceOn': false,
    'target.installed': true,
    'target.running': false,
    'target.enabled': false,
    'target.healthStatus': 0,
    'target.edgeStatus': 503,
    'target.maintenanceDirectory': true,
    'target.maintenanceOn': true,
  }
  const findingsWith = (changes: Record<string, Json>, own = component()) => {
    const values = Object.entries({ ...healthy, ...changes })
    const facts: Facts = Object.fromEntries(
      values.map(([name, value]) => [name, { value, unit: '', at: '' }]),
    )
    return kind.findings(own, facts, { plan, mode: 'live', facts: {} })
  }

  it.each([
    [{}, 'source-healthy', 'ok'],
    [{ 'source.healthStatus': 500 }, 'source-unhealthy', 'block'],
    [{ 'source.enabled': false }, 'source-disabled', 'warn'],
    [{ 'source.installed': false, 'source.enabled': false }, 'source-missing', 'block'],
    [{ 'source.askedAgain': 1 }, 'source-late', 'warn'],
    [{ 'source.askedAgain': 2, 'source.edgeStatus': 0 }, 'edge-silent', 'block'],
    [{ 'source.maintenanceOn': true }, 'source-closed', 'warn'],
    [{ 'source.edgeStatus': 0 }, 'edge-silent', 'block'],
    [{ 'target.installed': false }, 'target-missing', 'block'],
    [{ 'target.running': true }, 'target-running', 'warn'],
    [{ 'target.enabled': true }, 'target-enabled', 'warn'],
    [{ 'target.maintenanceDirectory': false }, 'maintenance-directory', 'block'],
  ])('of %o: %s, %s', (changes, id, level) => {
    const found = findingsWith(changes)
    expect(found.filter(one => one.level !== 'ok').map(one => one.id)).toEqual(
      level === 'ok' ? [] : [`auth.${id}`],
    )
    const finding = found.find(one => one.id === `auth.${id}`)
    expect(finding?.level).toBe(level)
    const keys = [finding?.text.key, finding?.remedy?.key].filter(key => key !== undefined)
    for (const key of keys)
      for (const language of ['en', 'fr'] as const) expect(kind.messages[language]).toHaveProperty([key])
  })

  it('names a probe that asks a component without a url', () => {
    const own = component({ probes: [{ name: 'x', component: 'database', path: '/' }] })
    expect(findingsWith({}, own)).toContainEqual(
      expect.objectContaining({ id: 'auth.probe-component', level: 'block' }),
    )
  })

  it('has the same sentences in both languages', () => {
    expect(Object.keys(kind.messages.fr).sort()).toEqual(Object.keys(kind.messages.en).sort())
    const values = (text = '') => [...new Set(text.match(/\{\{\w+\}\}/g))].sort()
    for (const [key, sentence] of Object.entries(kind.messages.en))
      expect([key, values(kind.messages.fr[key])]).toEqual([key, values(sentence)])
  })
})
