import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { firewallOneTooMany, firewallRestored, firewallRuleLeftOut } from '../../lab/faults/firewall.ts'
import { execIn } from '../../lab/lab.ts'
import { loadTable } from '../../src/kinds/nftables/actions/load.ts'
import { kind } from '../../src/kinds/nftables/index.ts'
import { renderTable } from '../../src/kinds/nftables/render.ts'
import { gatewayAt } from '../../src/kinds/nftables/sides.ts'
import { nftablesSpec } from '../../src/kinds/nftables/spec.ts'
import { Failure } from '../../src/model/failure.ts'
import type { ChangeIo } from '../../src/model/io.ts'
import type { JsonObject } from '../../src/model/json.ts'
import type { RunMode } from '../../src/model/step.ts'
import { dying } from '../helpers/judged-io.ts'
import { gateway, raiseFirewall, stateOf } from '../helpers/nftables-sites.ts'
import { said } from '../helpers/said.ts'
import type { TwoSites } from '../helpers/two-sites.ts'
import { areSweepsWhole } from '../helpers/whole-sweeps.ts'

const testAsRoot = test.runIf(process.getuid?.() === 0)

let sites: TwoSites
/** What Toulouse's gateway holds before anything is done to it. */
let delivered: string
beforeAll(async () => {
  if (process.getuid?.() !== 0) return
  sites = await raiseFirewall('firewall')
  delivered = await stateOf(sites)
})
afterAll(async () => {
  await sites?.close()
})

const findings = (mode: RunMode) =>
  kind.findings(sites.component, sites.facts.firewall ?? {}, { plan: sites.plan, mode, facts: sites.facts })
const shown = (mode: RunMode) =>
  findings(mode).map(({ level, id }) => `${level} ${id.replace('firewall.', '')}`)
const isDone = (name: string) => {
  const { step, ...context } = sites.step('preparation', name)
  return kind.actions[step.action]?.isDone({ step, ...context }, sites.io())
}
const failureOf = async (work: Promise<unknown>): Promise<Failure> => {
  const thrown = await work.then(
    () => undefined,
    (error: unknown) => error,
  )
  expect(thrown).toBeInstanceOf(Failure)
  return thrown as Failure
}
const withSpec = async (changes: JsonObject, work: () => Promise<void>): Promise<void> => {
  const { spec } = sites.component
  sites.component.spec = { ...spec, ...changes }
  await work().finally(() => {
    sites.component.spec = spec
  })
}
/** The declaration without the administrators' way in. */
const withoutOperations = () => {
  const { allow } = sites.component.spec as { allow: { from: string | string[] }[] }
  return { allow: allow.filter(({ from }) => from !== 'operations') as unknown as JsonObject[] }
}
const target = () =>
  gatewayAt(
    { component: sites.component, spec: nftablesSpec.parse(sites.component.spec), plan: sites.plan },
    'target',
  )
const lockingOut = (): string => {
  const at = target()
  return renderTable({ ...at.spec, ...withoutOperations() } as typeof at.spec, 'target')
}

testAsRoot(
  'the audit names what is open at a gateway as it was delivered; the old site is as declared',
  async () => {
    await sites.audit()
    expect(shown('preparation')).toEqual([
      'warn wrongly-open-target',
      'warn wrongly-closed-target',
      'warn unseen',
    ])
    // Toulouse's office has no bridge at its gateway yet.
    expect(findings('preparation').at(-1)?.text.values?.vantages).toContain('toulouse-office')
    expect(shown('live')).toContain('block wrongly-open-target')
    const open = findings('live').find(({ id }) => id.endsWith('wrongly-open-target'))
    expect(open?.text.values?.ways).toContain('internet (internet-stranger) → toulouse-gateway')
    expect(await stateOf(sites)).toBe(delivered)
  },
)

testAsRoot('a ruleset that is replaced comes back byte for byte, sets and translation included', async () => {
  const before = `table inet filter {
    set late { type ipv4_addr . inet_service; flags dynamic; }
    chain forward { type filter hook forward priority filter; policy drop; counter accept; }
  }
  table ip nat {
    chain prerouting { type nat hook prerouting priority dstnat; tcp dport 8443 dnat to 192.0.2.7; }
  }
  `
  await sites.at(gateway, 'nft -f -', before)
  const there = await stateOf(sites)
  await withSpec({ replaces: 'ruleset' }, async () => {
    await sites.apply('preparation', 'load')
    expect(await sites.at(gateway, 'nft list tables')).toBe('table inet bascule\n')
    await sites.apply('preparation', 'persist')
    await sites.undo('preparation', 'persist')
    await sites.undo('preparation', 'load')
  })
  expect(await stateOf(sites)).toBe(there)
  await sites.at(gateway, 'nft flush ruleset')
})

testAsRoot('the VLAN is made, checked and taken away; killed at every change, too', async () => {
  const pc = sites.lab.hosts['toulouse-office']?.address
  for (let changes = 0; ; changes += 1) {
    const finished = await sites
      .apply('preparation', 'vlans', dying(sites.io(), { change: changes + 1, when: 'before' }))
      .then(
        () => true,
        () => false,
      )
    if (changes % 2 === 0) {
      await sites.undo('preparation', 'vlans')
      expect(await stateOf(sites)).toBe(delivered)
    }
    await sites.apply('preparation', 'vlans')
    expect(await isDone('vlans')).toEqual({ vlans: ['office'] })
    await sites.at(gateway, `fping -q -c1 -t1000 ${pc}`)
    for (let undone = 0; undone < 3; undone += 1)
      await sites
        .undo('preparation', 'vlans', dying(sites.io(), { change: undone + 1, when: 'before' }))
        .catch(() => undefined)
    await sites.undo('preparation', 'vlans')
    expect(await stateOf(sites)).toBe(delivered)
    if (finished) break
  }
})

testAsRoot('a port that another bridge has is found, and nothing is made', async () => {
  await sites.at(gateway, 'ip link add other type bridge; ip link set h70 master other')
  const failure = await failureOf(sites.apply('preparation', 'vlans'))
  await sites.at(gateway, 'ip link del other')
  expect(failure.text).toMatchObject({ key: 'nftables.vlan.portTaken', values: { what: 'h70 (other)' } })
  expect(await stateOf(sites)).toBe(delivered)
})

/** From here on the VLAN is there: what Toulouse's gateway holds before its rules. */
let withVlan: string
testAsRoot('the VLAN outlives what follows', async () => {
  await sites.apply('preparation', 'vlans')
  withVlan = await stateOf(sites)
  expect(withVlan).toContain('office')
})

testAsRoot('rules that would lock Bascule out are found before anything is loaded', () =>
  withSpec(withoutOperations(), async () => {
    await sites.audit()
    const failure = await failureOf(sites.apply('preparation', 'load'))
    const found = findings('preparation').find(({ id }) => id === 'firewall.locked-out')
    expect(found).toMatchObject({ level: 'block', text: failure.text })
    expect(failure.text).toMatchObject({
      key: 'nftables.lockedOut',
      values: {
        client: `${sites.lab.prefix}.4.99`,
        own: `${sites.lab.prefix}.2.1`,
        port: 22,
        interface: 'wan',
      },
    })
    expect(await stateOf(sites)).toBe(withVlan)
  }),
)

testAsRoot('forced past that, the gateway lets Bascule back in by itself, and it is told', async () => {
  const { spec, ...rest } = target()
  const at = { ...rest, spec: { ...spec, revertSeconds: 5 } }
  const failure = await failureOf(loadTable(at, lockingOut(), sites.plan.ssh, sites.io()))
  expect(failure.text).toMatchObject({ key: 'nftables.takenBack', values: { host: gateway } })
  expect(failure.text.values?.when).toMatch(/^20\d\d-.*Z$/)
  expect(await sites.at(gateway, 'nft list ruleset')).toBe('')
  await sites.audit()
  expect(shown('preparation')).toContain('warn taken-back')
  expect(await isDone('load')).toBe(false)
  await sites.undo('preparation', 'load')
  expect(await stateOf(sites)).toBe(withVlan)
})

testAsRoot('so it does when Bascule dies in between', async () => {
  const { spec, ...rest } = target()
  // so long that a busy machine still sees the gateway shut
  const at = { ...rest, spec: { ...spec, revertSeconds: 20 } }
  const io: ChangeIo = {
    ...sites.io(),
    local: () => {
      throw new Error('killed')
    },
  }
  const dead = new AbortController()
  let ended: unknown
  const work = loadTable(at, lockingOut(), sites.plan.ssh, { ...io, signal: dead.signal }).catch(
    (error: unknown) => {
      ended = error
    },
  )
  // Not over ssh: these rules would cut off a new connection of the test's own.
  const isOpen = async () => {
    const argv = ['timeout', '1', 'bash', '-c', `: </dev/tcp/${sites.lab.prefix}.2.1/22`]
    return (await execIn(sites.lab, 'toulouse-files', argv, { allowFailure: true })).exitCode === 0
  }
  const isOut = async () => {
    const isShut = !(await isOpen())
    if (ended !== undefined) throw ended
    return isShut
  }
  await vi.waitUntil(isOut, { timeout: 200_000, interval: 100 })
  dead.abort()
  await work
  await vi.waitUntil(isOpen, { timeout: 200_000, interval: 200 })
  await sites.audit()
  expect(shown('preparation')).toContain('warn taken-back')
  await sites.undo('preparation', 'load')
  expect(await stateOf(sites)).toBe(withVlan)
})

test.runIf(areSweepsWhole && process.getuid?.() === 0)(
  'killed at every change, the rules are loaded at the next attempt; every undo is byte-identical',
  async () => {
    for (let changes = 0; ; changes += 1) {
      const finished = await sites
        .apply('preparation', 'load', dying(sites.io(), { change: changes + 1, when: 'before' }))
        .then(
          () => true,
          () => false,
        )
      expect(await isDone('load')).toBe(finished)
      if (changes % 2 === 0) {
        await sites.undo('preparation', 'load')
        expect(await stateOf(sites)).toBe(withVlan)
      }
      await sites.apply('preparation', 'load')
      expect(await isDone('load')).toBe(true)
      for (let undone = 0; undone < 4; undone += 1)
        await sites
          .undo('preparation', 'load', dying(sites.io(), { change: undone + 1, when: 'before' }))
          .catch(() => undefined)
      await sites.undo('preparation', 'load')
      expect(await stateOf(sites)).toBe(withVlan)
      if (finished) break
    }
  },
)

testAsRoot('prepared, every way of both sites is as declared, and the same at both', async () => {
  for (const name of ['load', 'persist']) await sites.apply('preparation', name)
  const proven = await sites.apply('preparation', 'prove')
  expect(proven.tried).toBeGreaterThan(500)
  await sites.audit()
  expect(shown('live')).toEqual(['warn vlan-passing', 'ok as-declared'])
  const [open, closed, different] = await Promise.all(
    ['wronglyOpen', 'wronglyClosed', 'sitesDifferent'].map(name => sites.measure(name)),
  )
  expect([open?.value, closed?.value, different?.value]).toEqual([0, 0, 0])
  expect(open?.unverified).toBeUndefined()
})

testAsRoot('a restart of the gateway brings the rules back', async () => {
  const before = await sites.at(gateway, 'nft -s list ruleset')
  await sites.at(gateway, 'nft flush ruleset; nft -f /etc/nftables.conf')
  expect(await sites.at(gateway, 'nft -s list ruleset')).toBe(before)
  expect(before).toContain('allow 1: internet → gateway.public')
})

testAsRoot('a rule left out and one too many are named, at either site', async () => {
  const { lab } = sites
  await firewallRuleLeftOut(lab, 'toulouse')
  await firewallOneTooMany(lab, 'montpellier')
  const [open, closed, different] = await Promise.all(
    ['wronglyOpen', 'wronglyClosed', 'sitesDifferent'].map(name => sites.measure(name)),
  )
  expect(await isDone('load')).toBe(false)
  const failure = await failureOf(sites.apply('preparation', 'prove'))
  await firewallRestored(lab, 'montpellier')
  await firewallRestored(lab, 'toulouse')
  const web = `internet (internet-stranger) → toulouse-gateway ${lab.prefix}.4.12:80`
  expect(closed?.figures.ways).toEqual([web, web.replace('.4.12', '.5.12')])
  expect(open?.figures.ways).toContain('internet (internet-stranger) → montpellier-files:5432')
  expect(different?.figures.ways).toContain('internet → files:5432 (✔ / ✖)')
  expect(different?.figures.ways).toContain('internet → gateway.public:80 (✔ / ✖)')
  expect(failure.text).toMatchObject({ key: 'nftables.prove.failed', values: { open: '–' } })
  expect(failure.text.values?.closed).toContain(web)
})

testAsRoot('a vantage that cannot be asked leaves its zone unproven', async () => {
  const zones = sites.component.spec.zones as Record<string, { target: JsonObject }>
  const tunnel = { vantage: { outside: 'tester', netns: 'not-yet' }, later: true }
  const vpn = { ...zones.vpn, target: { ...zones.vpn?.target, ...tunnel } }
  await withSpec({ zones: { ...zones, vpn } as JsonObject }, async () => {
    const open = await sites.measure('wronglyOpen')
    expect(open).toMatchObject({ value: 0, unverified: true })
    expect(said(open)).toContain('internet-tester/not-yet')
    expect(await sites.apply('preparation', 'prove')).toMatchObject({ later: ['internet-tester/not-yet'] })
  })
})

testAsRoot('all of it is undone, byte for byte; what others wrote into the boot file stays', async () => {
  await sites.at(gateway, "echo '# by hand' >>/etc/nftables.conf")
  await sites.undo('preparation', 'persist')
  expect(await sites.at(gateway, 'cat /etc/nftables.conf')).toBe(
    '#!/usr/sbin/nft -f\n\nflush ruleset\n# by hand\n',
  )
  await sites.at(gateway, "sed -i '/by hand/d' /etc/nftables.conf")
  await sites.apply('preparation', 'persist')
  for (const name of ['persist', 'load', 'vlans']) await sites.undo('preparation', name)
  expect(await stateOf(sites)).toBe(delivered)
})
