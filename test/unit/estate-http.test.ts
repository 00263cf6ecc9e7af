import { describe, expect, it } from 'vitest'
import { readConfiguration, readUrl } from '../../lab/estate/common/configuration.ts'
import { isPassing } from '../../lab/estate/common/database.ts'
import { matchRoute, type Route } from '../../lab/estate/common/http.ts'
import { mediaUrl } from '../../lab/estate/courses/media.ts'
import { page } from '../../lab/estate/dashboard/page.ts'

const handle = async () => ({ status: 200 })
const routes: Route[] = [
  { method: 'GET', path: '/', handle },
  { method: 'GET', path: '/answers/:id', handle },
  { method: 'POST', path: '/answers', handle },
]

describe('routes', () => {
  it.each([
    ['GET', '/', '/', {}],
    ['HEAD', '/answers/7', '/answers/:id', { id: '7' }],
    ['POST', '/answers', '/answers', {}],
  ])('%s %s', (method, path, found, parts) => {
    const match = matchRoute(routes, method, path)
    expect([match.route?.path, match.parts]).toEqual([found, parts])
  })

  it.each([
    ['GET', '/answers', ['POST']],
    ['DELETE', '/answers/7', ['GET']],
    ['GET', '/nothing', []],
    ['GET', '/answers/7/8', []],
  ])('%s %s is none; allowed: %j', (method, path, allowed) => {
    expect(matchRoute(routes, method, path)).toEqual({ route: undefined, parts: {}, allowed })
  })
})

describe('configuration', () => {
  const environment = { SITE: 'toulouse', PGHOST: '10.80.2.10', PGUSER: 'estate', PGPASSWORD: 'x' }
  it('has defaults, and encrypts without them', () => {
    expect(readConfiguration(environment)).toEqual({
      site: 'toulouse',
      listenAddress: '0.0.0.0',
      listenPort: 8080,
      database: {
        host: '10.80.2.10',
        port: 5432,
        database: 'techcorp',
        user: 'estate',
        password: 'x',
        ssl: { rejectUnauthorized: false },
      },
    })
  })
  it.each([
    ['disable', false],
    ['require', { rejectUnauthorized: false }],
    ['verify-full', { rejectUnauthorized: true }],
  ])('PGSSLMODE %s', (PGSSLMODE, ssl) => {
    expect(readConfiguration({ ...environment, PGSSLMODE }).database.ssl).toEqual(ssl)
  })
  it('names all that is wrong at once', () => {
    expect(() => readConfiguration({ PGPORT: '99999' })).toThrow(
      'SITE is not set; PGHOST is not set; PGPORT is not a port; PGUSER is not set',
    )
    expect(() => readUrl('FILES_URL', { FILES_URL: 'files' })).toThrow('FILES_URL is not a URL')
    expect(readUrl('FILES_URL', { FILES_URL: 'http://files/' })).toBe('http://files')
  })
})

describe('errors that may pass', () => {
  it.each([
    [Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' }), true],
    [new Error('Connection terminated unexpectedly'), true],
    [new Error('timeout exceeded when trying to connect'), true],
    [new Error('Query read timeout'), true],
    // an upload on its way to the database when the program is told to stop stays on the disk
    [new Error('Cannot use a pool after calling end on the pool'), true],
    [new TypeError('x is not a function'), false],
    ['a string', false],
  ])('%s: %s', (error, passing) => {
    expect(isPassing(error)).toBe(passing)
  })
})

describe('what people see', () => {
  it('a media link escapes spaces and accents, not slashes', () => {
    expect(mediaUrl('http://files', 'a b/é?#.pdf')).toBe('http://files/a%20b/%C3%A9%3F%23.pdf')
  })
  it('the dashboard says what is down', () => {
    const counts = { accounts: 1, activeSessions: 2, progress: 3, answers: 4 }
    const services = { auth: { healthy: true, site: 'x' }, courses: { healthy: false, site: null } }
    const html = page({ site: 'toulouse', at: '2026-12-12T23:00:00Z', counts, services })
    expect(html).toContain('<th scope="row">Authentification</th><td>en service</td>')
    expect(html).toContain('<th scope="row">Cours</th><td>arrêté</td>')
  })
})
