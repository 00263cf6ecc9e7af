import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { trainer } from '../../lab/estate/seed/accounts.ts'
import { kind } from '../../src/kinds/service/index.ts'
import { serviceSpec } from '../../src/kinds/service/spec.ts'
import type { ChangeIo } from '../../src/model/io.ts'
import type { JsonObject } from '../../src/model/json.ts'
import type { Measurement, StepContext } from '../../src/model/kind.ts'
import type { Component } from '../../src/model/plan.ts'
import { rolesOf } from '../../src/model/roles.ts'
import type { RunMode } from '../../src/model/step.ts'
import { raiseTwoSites, type TwoSites } from './two-sites.ts'

const logIn = {
  name: 'log in',
  component: 'auth',
  method: 'POST',
  path: '/login',
  json: { email: trainer.email, password: '{{secret.trainer}}' },
  expect: { status: 201, present: ['/token'] },
  capture: { token: '/token' },
}
const headers = { authorization: 'Bearer {{token}}' }
const session = { name: 'session', path: '/session', headers, expect: { json: { '/email': trainer.email } } }
const everyCourse = [
  {
    name: 'catalogue',
    path: '/courses',
    expect: { present: ['/courses'] },
    capture: { courses: '/courses' },
  },
  {
    name: 'every course',
    each: { course: 'courses' },
    path: '/courses/{{course/id}}',
    headers,
    expect: { json: { '/id': '{{course/id}}' } },
    capture: { files: '/media' },
  },
  {
    name: 'every file',
    component: 'media',
    each: { file: 'files' },
    path: '{{file/url}}',
    headers: { range: 'bytes=0-1023' },
    expect: { status: 206 },
  },
]

/** The services of the laboratory as components, and a kind's steps as the executor would run them. */
export type ServiceSites = TwoSites & {
  service(id: string, changes?: JsonObject): Component
  run(component: Component, mode: RunMode, name: string): ServiceStep
  figure(component: Component, measure: string): Promise<Measurement>
}
export type ServiceStep = {
  isDone(): Promise<boolean | JsonObject>
  apply(): Promise<JsonObject | undefined>
  undo(): Promise<void>
}

export async function raiseServices(name: string): Promise<ServiceSites> {
  const placeholder = { id: 'auth', spec: {} }
  const sites = await raiseTwoSites(kind, placeholder, { name, parts: ['services'] })
  const password = join(sites.lab.secretsDirectory, 'trainer-password')
  writeFileSync(password, trainer.password, { mode: 0o600 })
  const service = (id: string, changes: JsonObject = {}): Component => {
    const spec = serviceSpec.parse({
      ...specOf(sites, id),
      secrets: { trainer: `file:${password}` },
      ...changes,
    })
    const component = { ...sites.component, id, title: id, spec: spec as unknown as JsonObject }
    sites.plan.components[id] = component
    return component
  }
  // The whole list first: a probe of one component may ask another.
  for (const id of ['auth', 'courses', 'media']) service(id)
  return {
    ...sites,
    service,
    run: (component, mode, step) => stepOf(sites, component, mode, step),
    async figure(component, measure) {
      const roles = rolesOf(sites.plan, { service: kind }, {})
      const context = { plan: sites.plan, facts: {}, mode: 'live' as const, results: {}, roles }
      const measured = await kind.measures[measure]?.measure(component, context, sites.io())
      if (!measured) throw new Error(`no measure ${measure}`)
      return measured
    },
  }
}

function specOf({ lab }: TwoSites, id: string): JsonObject {
  const host = id === 'media' ? 'files' : id
  const url = (site: string) =>
    `http://${lab.hosts[`${site}-${host}`]?.address}${id === 'media' ? '' : ':8080'}`
  const probes: Record<string, JsonObject[]> = { auth: [logIn, session], courses: [logIn, ...everyCourse] }
  return {
    source: { host, url: url('montpellier') },
    target: { host, url: url('toulouse') },
    manager: { runit: id },
    publicUrl: `http://${host}.techcorp.test`,
    maintenance: { host: 'gateway', file: `/etc/estate/maintenance/${id}` },
    health: { path: '/health' },
    startSeconds: 20,
    probes: probes[id] ?? [],
  }
}

function stepOf(sites: TwoSites, component: Component, mode: RunMode, name: string): ServiceStep {
  const context = { plan: sites.plan, mode, facts: {} }
  const planned = kind.plan(component, {}, context).find(step => step.name === name)
  const action = kind.actions[planned?.action ?? '']
  if (!planned || !action) throw new Error(`no step ${name} in mode ${mode}`)
  const step = {
    ...planned,
    id: `${component.id}.${name}`,
    component: component.id,
    kind: 'service',
    owner: 'x',
  }
  const whole: StepContext = { ...context, step, component, fencingNumber: 1, results: {} }
  return {
    isDone: () => action.isDone(whole, sites.io()),
    apply: () => action.apply(whole, sites.io()),
    undo: async () => void (await action.undo?.(whole, sites.io())),
  }
}

/** Throws at anything but reading. */
export function readOnly(io: ChangeIo): ChangeIo {
  const refuse = () => {
    throw new Error('this would change something')
  }
  return { ...io, change: refuse, changeLocal: refuse, execute: refuse, writeFile: refuse }
}
