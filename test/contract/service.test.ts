import { setTimeout as wait } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { serviceStarts, serviceWontStart } from '../../lab/faults/service.ts'
import { kind } from '../../src/kinds/service/index.ts'
import { rolesOf } from '../../src/model/roles.ts'
import { said } from '../helpers/said.ts'
import { failureOf, slowDownload, slowPost, statusAtEdge, urlOf } from '../helpers/service-requests.ts'
import { raiseServices, readOnly, type ServiceSites } from '../helpers/service-sites.ts'

let sites: ServiceSites

const atEdge = (site: string, name: string) => statusAtEdge(sites, site, name)

describe.runIf(process.getuid?.() === 0)('services of the laboratory', () => {
  beforeAll(async () => {
    sites = await raiseServices('services')
    // Toulouse's own database is empty here; its programs are given Montpellier's, so that they can be well.
    const database = sites.lab.hosts['montpellier-database']?.address
    for (const service of ['auth', 'courses'])
      await sites.at(
        `toulouse-${service}`,
        `sed -i 's/^PGHOST=.*/PGHOST=${database}/' /etc/estate/${service}.env`,
      )
  })

  afterAll(async () => {
    await sites?.close()
  })

  /** Probes ask other services of the estate by their role. */
  const contextNow = () => ({
    plan: sites.plan,
    mode: 'live' as const,
    facts: {},
    roles: rolesOf(sites.plan, { service: kind }, {}),
  })

  it('audits both sides without changing anything', async () => {
    const context = contextNow()
    const facts = await kind.audit(sites.service('auth'), context, readOnly(sites.io()))
    expect(Object.fromEntries(Object.entries(facts).map(([name, { value }]) => [name, value]))).toEqual({
      'source.installed': true,
      'source.running': true,
      'source.enabled': true,
      'source.healthStatus': 200,
      'source.healthMilliseconds': expect.any(Number),
      'source.edgeStatus': 200,
      'source.askedAgain': 0,
      'source.maintenanceDirectory': true,
      'source.maintenanceOn': false,
      'target.installed': true,
      'target.running': false,
      'target.enabled': false,
      'target.healthStatus': 0,
      'target.healthMilliseconds': 0,
      'target.edgeStatus': 503,
      'target.askedAgain': 0,
      'target.maintenanceDirectory': true,
      'target.maintenanceOn': true,
    })
    expect(kind.findings(sites.service('auth'), facts, context).map(({ id, level }) => [id, level])).toEqual([
      ['auth.source-healthy', 'ok'],
    ])
  })

  it('finds a service that is not installed, an edge that is silent, and a missing directory', async () => {
    const component = sites.service('auth', {
      manager: { runit: 'nothing' },
      maintenance: {
        host: 'gateway',
        file: '/nowhere/auth',
        edge: {
          source: { address: sites.lab.hosts['montpellier-auth']?.address ?? '' },
          target: { address: sites.lab.hosts['toulouse-auth']?.address ?? '' },
        },
      },
    })
    const context = contextNow()
    const facts = await kind.audit(component, context, sites.io())
    const found = kind.findings(component, facts, context)
    expect(found.filter(({ level }) => level === 'block').map(({ id }) => id)).toEqual([
      'auth.source-missing',
      'auth.edge-silent',
      'auth.target-missing',
      'auth.edge-silent',
      'auth.maintenance-directory',
      'auth.maintenance-directory',
    ])
    sites.service('auth')
  })

  it('goes the whole way of the night, each step undone and done again, and comes home', async () => {
    const auth = sites.service('auth')
    const night = ['maintenance-on', 'stop', 'start', 'maintenance-off'].map(name =>
      sites.run(auth, 'live', name),
    )
    for (const step of night) {
      expect(await step.isDone()).toBe(false)
      await step.apply()
      expect(await step.isDone()).toBe(true)
      await step.undo()
      expect(await step.isDone()).toBe(false)
      await step.apply()
      // A second call, after a crash before the acknowledgement, changes nothing.
      await step.apply()
      expect(await step.isDone()).toBe(true)
    }
    expect([await atEdge('montpellier', 'auth'), await atEdge('toulouse', 'auth')]).toEqual([503, 200])
    expect(await sites.at('montpellier-auth', 'sv status auth')).toMatch(/^down: auth: \d+s;/)
    expect(await sites.at('toulouse-auth', 'sv status auth')).toMatch(/^run: auth: \(pid \d+\) \d+s;/)

    for (const step of night.toReversed()) {
      await step.undo()
      await step.undo()
    }
    expect([await atEdge('montpellier', 'auth'), await atEdge('toulouse', 'auth')]).toEqual([200, 503])
    expect(await sites.at('montpellier-auth', 'sv status auth')).not.toContain('normally down')
    expect(await sites.at('toulouse-auth', 'sv status auth')).toMatch(/^down: auth: \d+s;/)
  })

  it('rehearses at the target alone', async () => {
    const auth = sites.service('auth')
    const steps = kind
      .plan(auth, {}, { plan: sites.plan, mode: 'rehearsal', facts: {} })
      .map(({ name }) => name)
    expect(steps).toEqual(['maintenance-on-target', 'start'])
    const before = await sites.at('montpellier-auth', 'sv status auth | cut -d" " -f1-4')
    for (const name of steps) await sites.run(auth, 'rehearsal', name).apply()
    expect(await sites.figure(auth, 'failedProbes')).toMatchObject({ value: 0, figures: { sent: 3 } })
    for (const name of steps.toReversed()) await sites.run(auth, 'rehearsal', name).undo()
    expect(await sites.at('montpellier-auth', 'sv status auth | cut -d" " -f1-4')).toBe(before)
    expect([await atEdge('montpellier', 'auth'), await atEdge('toulouse', 'auth')]).toEqual([200, 503])
  })

  it('cuts no request that is under way when it stops a service', async () => {
    const auth = sites.service('auth')
    const stop = sites.run(auth, 'live', 'stop')
    const body = JSON.stringify({ email: 'nobody@techcorp.test', password: 'wrong' })
    const slow = slowPost(`${urlOf(auth)}/login`, body)
    await wait(200)
    const stopped = stop.apply()
    await wait(500)
    slow.finish()
    expect(await slow.status).toBe(401)
    await stopped
    expect(await stop.isDone()).toBe(true)
    await stop.undo()
  })

  it('lets a download that is under way end when it stops the file server', async () => {
    const media = sites.service('media')
    await sites.at('montpellier-files', 'head -c 60000000 /dev/zero > /srv/files/large.bin')
    // nginx ends at once when it is sent TERM; the laboratory has runit send QUIT in its place, as an operator would
    const bytes = slowDownload(`${urlOf(media)}/large.bin`)
    await wait(300)
    const stop = sites.run(media, 'live', 'stop')
    await stop.apply()
    expect(await bytes).toBe(60_000_000)
    await stop.undo()
  })

  it('says why a service will not start, stops it again, and starts it once the cause is gone', async () => {
    const auth = sites.service('auth', { startSeconds: 15 })
    const start = sites.run(auth, 'live', 'start')
    await serviceWontStart(sites.lab, 'auth')
    try {
      const failure = await failureOf(start.apply())
      expect(failure.text).toMatchObject({
        key: 'service.start.failed',
        values: { service: 'auth', site: 'Toulouse', log: expect.stringContaining('PGPORT is not a port') },
      })
      expect(await sites.at('toulouse-auth', 'sv status auth')).toMatch(/^down: /)
      await failureOf(start.apply())
    } finally {
      await serviceStarts(sites.lab, 'auth')
    }
    const patient = sites.run(sites.service('auth'), 'live', 'start')
    await patient.apply()
    expect(await patient.isDone()).toBe(true)
    await patient.undo()
  })

  it('does not call a service stopped while something else answers at its url', async () => {
    const elsewhere = { host: 'auth', url: `http://${sites.lab.hosts['montpellier-courses']?.address}:8080` }
    const auth = sites.service('auth', { source: elsewhere })
    const stop = sites.run(auth, 'live', 'stop')
    expect((await failureOf(stop.apply())).text.key).toBe('service.stop.stillAnswers')
    expect(await stop.isDone()).toBe(false)
    await sites.run(sites.service('auth'), 'live', 'stop').undo()
  })

  it('asks every course and every file at the source, and names what fails', async () => {
    const courses = sites.service('courses')
    const whole = await sites.figure(courses, 'failedProbesAtSource')
    expect(whole).toMatchObject({ value: 0, figures: { failures: [] } })
    const catalogue = await sites.io().http({ method: 'GET', url: `${urlOf(courses)}/courses` })
    const count = JSON.parse(new TextDecoder().decode(catalogue.body)).courses.length
    const files = Number(whole.figures.sent) - ['health', 'log in', 'catalogue'].length - count
    expect(files).toBeGreaterThan(50)

    await sites.at('montpellier-files', 'mv /srv/files /srv/gone && mkdir /srv/files')
    try {
      const broken = await sites.figure(courses, 'failedProbesAtSource')
      expect(broken.value).toBe(files)
      expect(said(broken)).toMatch(/^every file: GET \/.+ · status 404, 206 expected · \d+ more failures$/)
    } finally {
      await sites.at('montpellier-files', 'rmdir /srv/files && mv /srv/gone /srv/files')
    }
    const down = await sites.figure(courses, 'failedProbes')
    expect(down.value).toBe(5)
    expect(said(down)).toContain('ECONNREFUSED')
    expect(await sites.figure(courses, 'unhealthy')).toMatchObject({ value: 1 })
    expect(await sites.figure(courses, 'unhealthyAtSource')).toMatchObject({ value: 0 })
  })

  it('loads the target with a hundred users, once for the three figures', async () => {
    const load = {
      path: '/courses/{{courses/0/id}}',
      headers: { authorization: 'Bearer {{token}}' },
      simultaneous: 100,
      seconds: 3,
    }
    const courses = sites.service('courses', { load })
    // The session is opened at auth, where courses looks for it: the same database.
    const [start, authStart] = [courses, sites.service('auth')].map(one => sites.run(one, 'live', 'start'))
    await authStart?.apply()
    await start?.apply()
    const [p95, p99, errors] = await Promise.all(
      ['loadP95Milliseconds', 'loadP99Milliseconds', 'loadErrors'].map(name => sites.figure(courses, name)),
    )
    expect(p95?.figures).toEqual(p99?.figures)
    expect(p95?.figures).toMatchObject({ simultaneous: 100, errors: 0, badStatuses: 0 })
    expect(Number(p95?.figures.requests)).toBeGreaterThan(200)
    expect(p99?.value).toBeGreaterThanOrEqual(p95?.value ?? 0)
    expect(p95?.value).toBeGreaterThan(0)
    expect(errors?.value).toBe(0)
    await start?.undo()
    expect(await sites.figure(courses, 'loadErrors')).toMatchObject({ unverified: true })
    await authStart?.undo()
  })
})
