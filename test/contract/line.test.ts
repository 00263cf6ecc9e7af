import { afterAll, beforeAll, expect, test } from 'vitest'
import { mainLineDown, mainLineUp } from '../../lab/faults/line.ts'
import { kind } from '../../src/kinds/line/index.ts'
import type { LineStatus } from '../../src/model/kind.ts'
import { counting, dying } from '../helpers/judged-io.ts'
import { said } from '../helpers/said.ts'
import { raiseTwoSites, type TwoSites } from '../helpers/two-sites.ts'

const testAsRoot = test.runIf(process.getuid?.() === 0)
const gateway = 'toulouse-gateway'
const capMbps = 5
const backupMbps = 20

let sites: TwoSites

beforeAll(async () => {
  if (process.getuid?.() !== 0) return
  sites = await raiseTwoSites(kind, { id: 'line', spec: {} }, { name: 'line-contract', parts: ['network'] })
  const { prefix } = sites.lab
  sites.component.spec = {
    source: { host: 'gateway' },
    target: { host: 'gateway' },
    main: {
      interfaces: ['intersite', 'wan'],
      probe: { interface: 'intersite', address: `${prefix}.3.2` },
    },
    backup: { interface: 'backup', address: `${prefix}.5.12`, declaredMbps: backupMbps, capMbps },
    between: { source: [`${prefix}.1.0/24`], target: [`${prefix}.2.0/24`] },
    askedFrom: { outside: 'stranger' },
    services: [
      { name: 'web', url: 'http://auth.techcorp.test/' },
      { name: 'http', port: 80 },
    ],
  }
})
afterAll(async () => {
  await sites?.close()
})

const found = () =>
  kind.findings(sites.component, sites.facts.line ?? {}, {
    plan: sites.plan,
    mode: 'preparation',
    facts: sites.facts,
  })
/** Queues, filters and devices of the gateway, without counters and without the numbers the kernel gives. */
const traffic = () =>
  sites.at(
    gateway,
    `tc qdisc show | sed 's/^qdisc \\([a-z_]*\\) [0-9a-f]*: /qdisc \\1 /'
    for way in egress ingress; do tc filter show dev backup $way; done
    ip -br link | awk '{print $1, $2}'`,
  )

/**
 * Mbit/s from one gateway's LAN address to the other's, as rsync between the sites would go. A server that serves once is
 * gone when its only client was too early or came by a line that is just changing: both begin again.
 */
async function betweenSites(from: 'montpellier' | 'toulouse', attempts = 3): Promise<number> {
  const { prefix } = sites.lab
  const [own, other] = from === 'montpellier' ? ['1.1', '2.1'] : ['2.1', '1.1']
  const to = from === 'montpellier' ? 'toulouse' : 'montpellier'
  const serving = sites.at(`${to}-gateway`, 'iperf3 -s -1 -p 5201 --idle-timeout 10 >/dev/null || :')
  const report = await sites.at(
    `${from}-gateway`,
    `for i in $(seq 20); do
      iperf3 -c ${prefix}.${other} -B ${prefix}.${own} -p 5201 -t 3 -O 1 -J >/tmp/report && break
      sleep 0.2
    done
    cat /tmp/report`,
  )
  await serving
  const { end, error } = JSON.parse(report) as {
    end: { sum_received?: { bits_per_second: number } }
    error?: string
  }
  if (end.sum_received !== undefined) return end.sum_received.bits_per_second / 1e6
  if (attempts > 1) return betweenSites(from, attempts - 1)
  throw new Error(`iperf3 from ${from}: ${error}`)
}

const look = async (): Promise<LineStatus> => {
  const watch = kind.watches?.main
  if (watch === undefined) throw new Error('no watch')
  return watch.look(sites.component, { ...sites, mode: 'live' }, sites.io())
}

/** Looks as often as the watch may before it must have seen it; each look's own time. */
async function looksUntil(there: boolean, atMost: number): Promise<number> {
  for (let looks = 1; looks <= atMost; looks += 1) if ((await look()).there === there) return looks
  return Number.POSITIVE_INFINITY
}

testAsRoot('both lines are there; one without its address, and a wrong interface, are named', async () => {
  await sites.audit()
  expect(found().map(({ id, level }) => `${level} ${id}`)).toEqual(['ok line.both-there'])
  const { prefix } = sites.lab
  const spec = sites.component.spec
  const { backup } = spec
  sites.component.spec = { ...spec, backup: { ...(backup as object), address: `${prefix}.5.13` } }
  await sites.audit()
  expect(found()).toContainEqual(expect.objectContaining({ id: 'line.no-address', level: 'warn' }))
  sites.component.spec = {
    ...spec,
    main: { interfaces: ['fibre0'], probe: { address: `${prefix}.3.2` } },
  }
  await sites.audit()
  sites.component.spec = spec
  expect(found()).toContainEqual(expect.objectContaining({ id: 'line.no-interface', level: 'block' }))
})

testAsRoot('services are asked at the backup’s own address, and what is closed there is named', async () => {
  expect(await sites.measure('unreachableThroughBackup')).toMatchObject({ value: 0, figures: { asked: 2 } })
  await sites.at(
    gateway,
    `nft 'add table inet closed; add chain inet closed input { type filter hook input priority 0; };
    add rule inet closed input iifname backup tcp dport 80 drop'`,
  )
  const closed = await sites.measure('unreachableThroughBackup')
  await sites.at(gateway, 'nft delete table inet closed')
  expect(closed.value).toBe(2)
  expect(said(closed)).toContain('http: tcp 80')
  const spec = sites.component.spec
  sites.component.spec = { ...spec, services: [{ name: 'vpn', protocol: 'udp', port: 51820 }] }
  expect(said(await sites.measure('unreachableThroughBackup'))).toContain('vpn: udp 51820')
  await sites.at(
    gateway,
    `setsid -f socat -u UDP4-RECV:51820 OPEN:/dev/null >/dev/null 2>&1 </dev/null
    for i in $(seq 50); do if ss -Huln | grep -q ':51820 '; then break; fi; sleep 0.1; done`,
  )
  const silent = await sites.measure('unreachableThroughBackup')
  sites.component.spec = spec
  expect(silent).toMatchObject({ value: 0, figures: { silent: ['vpn'] } })
})

testAsRoot('the backup’s own rate is measured from outside', async () => {
  const { value } = await sites.measure('backupMbps')
  expect(value).toBeGreaterThan(backupMbps * 0.6)
  expect(value).toBeLessThanOrEqual(backupMbps * 1.1)
})

testAsRoot(
  'a main line that is cut is lost within two looks, and told so; back, it is there at the next',
  async () => {
    expect(await look()).toEqual({ there: true })
    expect(await sites.measure('mainLineLost')).toMatchObject({ value: 0 })
    await mainLineDown(sites.lab)
    try {
      expect(await looksUntil(false, kind.watches?.main?.failuresUntilLost ?? 0)).toBeLessThanOrEqual(2)
      const lost = await look()
      expect(lost).toMatchObject({ there: false, why: { key: 'line.lost.backupThere' } })
      expect(await sites.measure('mainLineLost')).toMatchObject({ value: 1 })
      expect(await sites.measure('unreachableThroughBackup')).toMatchObject({ value: 0 })
    } finally {
      await mainLineUp(sites.lab)
    }
    expect(await looksUntil(true, 1)).toBe(1)
  },
)

testAsRoot(
  'what the sites exchange over the backup is held to the cap, both ways, and nothing else is',
  async () => {
    const before = await traffic()
    expect(await sites.measure('capMissing')).toMatchObject({ value: 1 })
    await sites.apply('preparation', 'cap')
    expect(await sites.measure('capMissing')).toMatchObject({ value: 0 })
    await mainLineDown(sites.lab)
    try {
      for (const from of ['montpellier', 'toulouse'] as const) {
        const mbps = await betweenSites(from)
        expect(mbps).toBeGreaterThan(capMbps * 0.5)
        expect(mbps).toBeLessThanOrEqual(capMbps * 1.25)
      }
      expect((await sites.measure('backupMbps')).value).toBeGreaterThan(backupMbps * 0.6)
    } finally {
      await mainLineUp(sites.lab)
      await sites.undo('preparation', 'cap')
    }
    expect(await traffic()).toBe(before)
  },
)

testAsRoot(
  'killed at a change, the next attempt ends where an untroubled one does; and so does the undo',
  async () => {
    const killedAfter = (change: number) => dying(sites.io(), { change, when: 'after' })
    const before = await traffic()
    const whole = counting(sites.io())
    await sites.apply('preparation', 'cap', whole.io)
    const capped = await traffic()
    const wholeUndo = counting(sites.io())
    await sites.undo('preparation', 'cap', wholeUndo.io)
    expect(await traffic()).toBe(before)
    const { cap } = kind.actions
    // At every call: test/unit/kind-line.test.ts. Here, on a real kernel, at the first, one between and the last.
    for (const at of new Set([1, Math.ceil(whole.changes() / 2), whole.changes()])) {
      await expect(sites.apply('preparation', 'cap', killedAfter(at))).rejects.toThrow('killed')
      // the last change leaves nothing to do
      expect(await cap?.isDone(sites.step('preparation', 'cap'), sites.io())).toEqual(
        at === whole.changes() ? { capMbps } : false,
      )
      await sites.apply('preparation', 'cap')
      expect(await traffic()).toBe(capped)
      const inUndo = Math.min(at, wholeUndo.changes())
      await expect(sites.undo('preparation', 'cap', killedAfter(inUndo))).rejects.toThrow('killed')
      await sites.undo('preparation', 'cap')
      expect(await traffic()).toBe(before)
    }
  },
)

testAsRoot(
  'a line’s own queue and an administrator’s own filter stay; closing takes the cap away',
  async () => {
    await sites.at(
      gateway,
      `tc qdisc add dev backup root tbf rate 18mbit burst 64kb latency 50ms
    tc qdisc add dev backup clsact
    tc filter add dev backup egress protocol ip pref 7 u32 match ip dst 192.0.2.0/24 flowid 1:1`,
    )
    const before = await traffic()
    await sites.apply('preparation', 'cap')
    expect(await traffic()).not.toBe(before)
    await sites.apply('close', 'uncap')
    expect(await traffic()).toBe(before)
    await sites.undo('close', 'uncap')
    expect(await sites.measure('capMissing')).toMatchObject({ value: 0 })
    await sites.apply('close', 'uncap')
    await sites.at(gateway, 'tc qdisc delete dev backup clsact; tc qdisc delete dev backup root')
  },
)
