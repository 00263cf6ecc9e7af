import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { rightsFor } from '../../src/kinds/proxmox-vm/rights.ts'
import { type MachineSpec, machineSpec, methodNames } from '../../src/kinds/proxmox-vm/spec.ts'
import { commonKeys } from '../../src/plan/schema.ts'
import { blocksOf, pageNamed } from '../helpers/docs-pages.ts'

const page = pageNamed('docs/machines.md')
const blockOf = (mark: string): string => {
  const found = blocksOf(page).filter(block => block.mark === mark)
  expect(found).toHaveLength(1)
  return found[0]?.text ?? ''
}

function specOnPage(others: Record<string, unknown> = {}): MachineSpec {
  const [component] = Object.values(parse(blockOf('machine')) as Record<string, Record<string, unknown>>)
  const own = Object.entries(component ?? {}).filter(([key]) => !commonKeys.includes(key))
  return machineSpec.parse({ ...Object.fromEntries(own), ...others })
}

/** Privileges by path, as the commands give them. */
function given(mark: string): Record<string, string[]> {
  const lines = blockOf(mark).trim().split('\n')
  const roles: Record<string, string[]> = {}
  const paths: Record<string, string[]> = {}
  for (const line of lines) {
    const [, role, list] = /^pveum role add (\w+) --privs '([^']+)'$/.exec(line) ?? []
    if (role && list) roles[role] = list.split(' ')
    const [, path, user, token, granted] =
      /^pveum acl modify (\S+) --users (\S+) --tokens '([^']+)' --roles (\w+)$/.exec(line) ?? []
    if (!path || !granted) continue
    expect([user, token]).toEqual(['bascule@pve', specOnPage().source.api.token])
    paths[path] = roles[granted] ?? []
  }
  return paths
}

test.each(['source', 'target'] as const)(
  '%s: the rights on the page are those that the kind wants, no more',
  side => {
    const wanted: Record<string, string[]> = {}
    const touched = { disks: ['local'], archives: 'local' }
    for (const { path, privileges } of rightsFor(specOnPage(), side, '9.1', touched))
      wanted[path] = [...new Set([...(wanted[path] ?? []), ...privileges])]
    const sorted = (rights: Record<string, string[]>) =>
      Object.fromEntries(Object.entries(rights).map(([path, list]) => [path, [...list].sort()]))
    expect(sorted(given(`${side}-rights`))).toEqual(sorted(wanted))
  },
)

test('the piece for cloud-init is correct, and its privilege is the one that the page names', () => {
  const spec = specOnPage(parse(blockOf('cloud-init')) as Record<string, unknown>)
  const privilegesOf = (of: MachineSpec) =>
    rightsFor(of, 'target', '9.1', { disks: ['local'] }).flatMap(({ privileges }) => privileges)
  const before = new Set(privilegesOf(specOnPage()))
  expect(privilegesOf(spec).filter(name => !before.has(name))).toEqual(['VM.Config.Cloudinit'])
  expect(page.text).toContain('VM.Config.Cloudinit')
})

test('every way is told, and none that is not there', () => {
  const told = [...page.text.matchAll(/^\| `([\w-]+)` \|/gm)].map(match => match[1])
  expect(told).toEqual([...methodNames])
})
