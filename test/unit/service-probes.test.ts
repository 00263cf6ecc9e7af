import { describe, expect, it } from 'vitest'
import { kind } from '../../src/kinds/service/index.ts'
import { isHttpSpec, modelled } from '../../src/kinds/service/modelled.ts'
import { type ProbeFailure, runProbes } from '../../src/kinds/service/probes/run.ts'
import { fill, fillJson, follow, MissingValue, namesIn } from '../../src/kinds/service/probes/values.ts'
import { serviceSpec } from '../../src/kinds/service/spec.ts'
import type { HttpRequest } from '../../src/model/io.ts'
import type { JsonObject } from '../../src/model/json.ts'
import { rolesOf } from '../../src/model/roles.ts'
import { type Answer, ServiceHosts } from '../doubles/service-hosts.ts'
import { said } from '../helpers/said.ts'
import { component, plan } from '../helpers/service-world.ts'

const whyOf = (failure: ProbeFailure | undefined): string =>
  failure === undefined ? '' : said({ detail: [failure.why] })

describe('values', () => {
  const values = { course: { id: 7, tags: ['a/b'], 'a/b': 1 }, secret: { word: 'hush' }, list: [1, 2] }

  it.each([
    ['/courses/{{course/id}}', '/courses/7'],
    ['{{ course/tags/0 }}', 'a/b'],
    ['{{course/a~1b}}', '1'],
    ['{{secret.word}}!', 'hush!'],
    ['{{list}}', '[1,2]'],
    ['{ {course} }', '{ {course} }'],
  ])('fills %s', (template, text) => {
    expect(fill(template, values)).toBe(text)
  })

  it('keeps the type of a text that is one reference', () => {
    expect(
      fillJson({ id: '{{course/id}}', say: 'n° {{course/id}}', all: ['{{list}}'], n: null }, values),
    ).toEqual({
      id: 7,
      say: 'n° 7',
      all: [[1, 2]],
      n: null,
    })
  })

  it.each([
    '{{nothing}}',
    '{{course/none}}',
    '{{list/2}}',
    '{{list/x}}',
    '{{course/id/deeper}}',
    '{{toString}}',
    '{{course/constructor}}',
  ])('has nothing for %s', template => {
    expect(() => fill(template, values)).toThrow(MissingValue)
  })

  it('follows a pointer, the empty one to the whole', () => {
    expect(follow(values.course, '')).toBe(values.course)
    expect(follow(values, '/list/1')).toBe(2)
  })

  it('knows the names that templates use', () => {
    expect(namesIn(['/{{course/id}}', { authorization: 'Bearer {{token}} {{secret.word}}' }])).toEqual(
      new Set(['course', 'token', 'secret']),
    )
  })
})

describe('probes', () => {
  const asked: HttpRequest[] = []
  async function probe(
    probes: JsonObject[],
    answer: (path: string, request: HttpRequest) => Answer | undefined,
    until?: Set<string>,
  ) {
    asked.length = 0
    const world = new ServiceHosts()
    world.answer = request => {
      asked.push(request)
      return answer(new URL(request.url).pathname, request)
    }
    const own = component({ probes, secrets: { word: 'file:/secret' } })
    const media = {
      ...component({
        publicUrl: 'http://files.techcorp.test',
        target: { host: 'auth', url: 'http://10.80.2.20' },
      }),
      id: 'media',
    }
    const roles = rolesOf({ ...plan, components: { auth: own, media } }, { service: kind }, {})
    const spec = modelled(serviceSpec.parse(own.spec))
    if (!isHttpSpec(spec)) throw new Error('its health is an HTTP request')
    return runProbes({ spec, roles }, 'target', world.io, until)
  }
  const logIn = {
    name: 'log in',
    method: 'POST',
    path: '/login',
    json: { p: '{{secret.word}}' },
    capture: { token: '/token' },
  }
  const list = { name: 'list', path: '/list', capture: { items: '/items' } }

  it('sends what is written, to the side’s own url', async () => {
    const report = await probe(
      [
        logIn,
        {
          name: 'me',
          path: '/me',
          headers: { Authorization: 'Bearer {{token}}' },
          expect: { json: { '/n': 5 } },
        },
      ],
      path => ({ body: path === '/login' ? { token: 't1' } : { n: 5 } }),
    )
    expect(report).toMatchObject({ sent: 2, failures: [], slowestMilliseconds: 3 })
    expect(asked.map(({ method, url, headers, body }) => ({ method, url, headers, body }))).toEqual([
      {
        method: 'POST',
        url: 'http://10.80.2.30:8080/login',
        headers: { 'content-type': 'application/json' },
        body: '{"p":"value of file:/secret"}',
      },
      {
        method: 'GET',
        url: 'http://10.80.2.30:8080/me',
        headers: { authorization: 'Bearer t1' },
        body: undefined,
      },
    ])
  })

  it('asks for each item of a list, collects what each gives, and follows public links at the side', async () => {
    const files = (id: number) => [`http://files.techcorp.test/${id}/a?x=1`, `/${id}/b`]
    const report = await probe(
      [
        list,
        {
          name: 'one',
          each: { item: 'items' },
          path: '/items/{{item/id}}',
          expect: { json: { '/id': '{{item/id}}' } },
          capture: { files: '/files' },
        },
        { name: 'file', component: 'media', each: { file: 'files' }, path: '{{file}}' },
      ],
      path => {
        const id = Number(path.split('/')[2])
        if (path === '/list') return { body: { items: Array.from({ length: 20 }, (_, n) => ({ id: n })) } }
        return { body: path.startsWith('/items/') ? { id: String(id), files: files(id) } : {} }
      },
    )
    expect(report).toMatchObject({ sent: 1 + 20 + 40, failures: [] })
    expect(asked.slice(-40).map(({ url }) => url)).toEqual(
      Array.from({ length: 20 }, (_, n) => [
        `http://10.80.2.20/${n}/a?x=1`,
        `http://10.80.2.20/${n}/b`,
      ]).flat(),
    )
  })

  it.each([
    ['another status', { status: 500 }, {}, 'status 500, 200 expected'],
    ['no answer', undefined, {}, 'connect ECONNREFUSED'],
    ['a missing text', { body: 'bye' }, { text: 'hello' }, 'text not found: hello'],
    ['another value', { body: { n: 6 } }, { json: { '/n': 5 } }, '/n is not 5'],
    ['an empty list', { body: { n: [] } }, { present: ['/n'] }, '/n is missing or empty'],
    ['a page in place of JSON', { body: '<p>' }, { present: ['/n'] }, 'The body is not JSON.'],
  ])('names a request that fails by %s', async (_what, answer, expectation, why) => {
    const world = () => answer as Answer | undefined
    const report = await probe([{ name: 'one', path: '/x', expect: expectation }], path =>
      path === '/x' ? world() : {},
    )
    if (answer === undefined) return expect(whyOf(report.failures[0])).toBe(why)
    expect(report.failures).toMatchObject([{ probe: 'one', request: 'GET /x' }])
    expect(whyOf(report.failures[0])).toBe(why)
  })

  it('counts what cannot be sent for want of a value, and goes on', async () => {
    const report = await probe(
      [
        logIn,
        { name: 'me', path: '/me', headers: { a: '{{token}}' } },
        list,
        { name: 'all', each: { x: 'items' }, path: '/{{x}}' },
        { name: 'last', path: '/last' },
      ],
      path => (path === '/last' ? {} : { status: 500 }),
    )
    expect(report.failures.map(failure => [failure.probe, whyOf(failure)])).toEqual([
      ['log in', 'status 500, 200 expected'],
      ['me', 'no value for token'],
      ['list', 'status 500, 200 expected'],
      ['all', 'no value for items'],
    ])
    expect(report.sent).toBe(3)
  })

  it('never goes to another place than the estate', async () => {
    const report = await probe([list, { name: 'file', each: { file: 'items' }, path: '{{file}}' }], () => ({
      body: { items: ['http://elsewhere.example/a'] },
    }))
    expect(whyOf(report.failures[0])).toBe(
      'leads outside http://auth.techcorp.test: http://elsewhere.example/a',
    )
    expect(asked).toHaveLength(1)
  })

  it('shows no secret in what it reports', async () => {
    const report = await probe([logIn], () => ({ status: 401, body: { said: 'value of file:/secret' } }))
    expect(JSON.stringify(report.failures)).not.toContain('value of')
  })

  it('ends as soon as it has what it was asked for', async () => {
    await probe([logIn, list], () => ({ body: { token: 't', items: [] } }), new Set(['token']))
    expect(asked).toHaveLength(1)
  })
})
