import { expect, test } from 'vitest'
import type { Plan } from '../../src/model/plan.ts'
import { parsePlan } from '../../src/plan/parse.ts'
import { complaints, goodPlan, testKinds } from '../helpers/plan-kinds.ts'

function parsed(...overlays: string[]): { plan: Plan; warnings: string[] } {
  const files = [goodPlan, ...overlays].map((text, index) => ({ name: `${index}.yaml`, text }))
  const result = parsePlan(files, testKinds)
  if ('errors' in result) throw new Error(JSON.stringify(result.errors))
  const warnings = result.warnings.map(({ place, path, problem }) => `${place.file} ${path} ${problem.key}`)
  return { plan: result.plan, warnings }
}

test('maps are merged key by key, down to the last', () => {
  const { plan } = parsed('components: {data: {source: {port: 6000}, declaredSize: 5 MB}}')
  expect(plan.components.data?.spec.source).toEqual({ host: 'database', port: 6000 })
  expect(plan.components.data?.declaredSizeBytes).toEqual({ from: 5e6, to: 5e6 })
  expect(plan.components.data?.owner).toBe('dba')
})

test('lists are replaced whole', () => {
  const { plan } = parsed('components: {data: {databases: [other, third]}}\ngates: {go: {signoffs: [dba]}}')
  expect(plan.components.data?.spec.databases).toEqual(['other', 'third'])
  expect(plan.gates.go.signoffs).toEqual(['dba'])
})

test('null removes a key, and one choice of a kind gives way to another', () => {
  const { plan } = parsed(
    'checks: {T2: null}\nnotices: {planned: null}\ncomponents: {site: {manager: {systemd: null, runit: site}}}',
  )
  expect(Object.keys(plan.checks)).toEqual(['T13'])
  expect(plan.notices).toEqual([])
  expect(plan.components.site?.spec.manager).toEqual({ runit: 'site' })
})

test('overlays are laid in the order given', () => {
  expect(parsed('title: One', 'title: Two').plan.title).toBe('Two')
  expect(parsed('checks: {T2: null}', 'checks: {T2: null}').warnings).toEqual([
    '2.yaml checks.T2 plan.removedNothing',
  ])
})

test('an error is placed in the file it comes from', () => {
  expect(complaints(goodPlan, 'window:\n  length: 90\ncomponents:\n  data:\n    ower: dba\n')).toEqual([
    '1.yaml 2:11 window.length found.number',
    '1.yaml 5:5 components.data.ower unknownKey → owner',
  ])
  expect(complaints(goodPlan, 'components: {data: {needs: [site]}}')).toEqual([
    '0.yaml 37:13 components.site.needs[0] cycle',
  ])
  expect(complaints(goodPlan, 'components: {data: null}')).toEqual([
    '0.yaml 37:13 components.site.needs[0] unknownComponent',
    '0.yaml 42:19 checks.T2.component unknownComponent',
  ])
  expect(complaints(goodPlan, 'a: [')[0]).toMatch(/^1\.yaml /)
})

test('an empty overlay changes nothing and says so', () => {
  expect(parsed('# later\n')).toEqual({ ...parsed(), warnings: ['1.yaml  plan.overlayEmpty'] })
})

test('the same machine at both ends is allowed, with a warning', () => {
  const { warnings } = parsed('sites: {target: {hosts: {app: {ssh: here-db}}}}')
  expect(warnings).toEqual(['1.yaml sites.target.hosts.app.ssh plan.sameHost'])
})
