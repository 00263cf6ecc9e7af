import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { catalogues } from '../../src/cli/catalogues.ts'
import { discover } from '../../src/discover/discover.ts'
import type { HostOutput } from '../../src/discover/seen.ts'
import { flow } from '../../src/discover/written.ts'
import type { Language } from '../../src/i18n/language.ts'
import { createTranslator } from '../../src/i18n/translator.ts'
import { loadKinds } from '../../src/kinds/registry.ts'
import { checkPlan } from '../../src/plan/check.ts'
import { parsePlan } from '../../src/plan/parse.ts'
import { shop } from '../helpers/discover-outputs.ts'
import { blocksOf, pageNamed } from '../helpers/docs-pages.ts'
import fc from '../helpers/property.ts'
import { temporaryFolder } from '../helpers/temporary-folder.ts'

const kinds = await loadKinds()
const translate = createTranslator([...catalogues, ...Object.values(kinds).map(kind => kind.messages)])
const drafted = (outputs: readonly HostOutput[], language: Language = 'en') =>
  discover(outputs, kinds, 'Europe/Paris', undefined, text => translate(text, language))
const found = drafted(shop)
const written = parse(found.plan)

/** What people would answer to each question, by its path. */
const answers: Record<string, string> = {
  title: 'The shop moves',
  'window.start': '2027-03-06T22:00',
  'window.length': '2 h',
  'people[0].name': 'Ada',
  'people[0].contact': '+33 1 99 00 00 00',
  'components.link.declaredMbps': '200',
}

/** The plan with the answers in the places of the questions, in their order. */
function filled({ plan, questions }: typeof found): string {
  const open = questions.map(({ path }) => {
    const answer = answers[path]
    if (answer === undefined) throw new Error(`nobody answers ${path}`)
    return answer
  })
  return plan.replaceAll(/TODO # .*$/gm, () => open.shift() ?? '')
}

test('finds what the hosts hold, and where it goes', () => {
  expect(found.components.map(({ id, kind, host }) => [id, kind, host.ssh])).toEqual([
    ['link', 'link', 'paris-db'],
    ['files-media', 'files', 'paris-db'],
    ['postgres-main', 'postgres', 'paris-db'],
    ['shop', 'service', 'paris-web'],
    ['authority', 'authority', 'paris-db'],
    ['names-shop-test', 'dns', 'paris-ns'],
  ])
  expect(written.sites.source).toMatchObject({
    id: 'paris',
    hosts: { db: { ssh: 'paris-db', address: '192.0.2.10' } },
  })
  expect(written.components['postgres-main']).toMatchObject({
    declaredSize: '2.7 GB',
    source: {
      host: 'db',
      port: 5432,
      fingerprint: expect.stringMatching(/^4F:D5/),
    },
    target: { host: 'db', port: 5432 },
    databases: ['shop'],
  })
  expect(written.components['files-media']).toMatchObject({
    declaredSize: '52 GB',
    source: { path: '/srv/media' },
  })
  expect(written.components.shop).toMatchObject({
    manager: { systemd: 'shop.service' },
    health: { port: 8080 },
  })
  expect(written.components['names-shop-test']).toMatchObject({
    update: { tsig: { name: 'mover', algorithm: 'hmac-sha256' } },
    records: [
      { name: 'www', type: 'A', source: '192.0.2.11', target: '198.51.100.11' },
      {
        name: 'pool',
        type: 'A',
        source: ['192.0.2.11', '203.0.113.8'],
        target: ['198.51.100.11', '203.0.113.8'],
      },
    ],
  })
})

test('infers needs from connections and mounts, and what a kind always needs', () => {
  const needs = Object.fromEntries(found.components.map(one => [one.id, one.needs]))
  expect(needs.shop).toEqual(['postgres-main', 'files-media'])
  expect(needs.authority?.toSorted()).toEqual(['files-media', 'postgres-main'])
  expect(needs['names-shop-test']).toEqual(['shop'])
  expect(needs['postgres-main']).toEqual([])
})

test('names on its page what moves with it and nobody has named', () => {
  const items = Object.fromEntries(
    found.sections.map(({ id, items: all }) => [id, all.map(text => translate(text, 'en'))]),
  )
  expect(items.jobs).toEqual([
    '`paris-db`: `/etc/cron.d/reports`, line 3: `send-reports` as `www-data` at `*/5 * * * *`',
    '`paris-db`: `invoices.timer`',
  ])
  expect(items.services).toEqual(['`paris-db`: `worker`'])
  expect(items.unmovable?.join()).toContain('`mariadb` on `paris-db`: replicate it')
  expect(items.unmovable?.join()).toContain('Container 102 `wiki` on `paris-db`')
  expect(items.platforms).toEqual([
    '`paris-db`: Proxmox VE node `db`, certificate `BB:D8:CF`',
    '`paris-db`: VM 101 `old-app`, disks: 2',
    '`paris-db`: table `inet filter` of nftables, rules and chains: 14',
  ])
  expect(items.monitoring).toEqual(['`paris-db`: `prometheus-node-exporter`'])
  expect(items.backups).toEqual(['`paris-db`: `borgbackup`'])
  expect(items.addresses).toEqual(['`paris-web`: `/etc/shop/shop.env`, line 4: `192.0.2.10:5432`'])
  expect(items.certificates?.join()).toContain('an ACME client renews it here')
  expect(items.mail?.join()).toContain('postfix')
  expect(items.fronts).toEqual(['`nginx` on `web` passes on: shop.test, www.shop.test.'])
  expect(items.strangers).toEqual(['`203.0.113.77` is connected to port 5432 of `paris-db`.'])
  expect(items.unseen).toEqual(['`paris-web`: `processes of other users (ss, /proc)`'])
  expect(items.remarks?.join()).toContain('pg_trgm 1.6')
  expect(found.page).toContain('an ACME client renews it here')
})

test('what it leaves open is refused with line and question; filled in, the plan is correct', async () => {
  const folder = temporaryFolder('discover-plan')
  const file = join(folder, 'plan.yaml')
  writeFileSync(file, found.plan)
  const refused = await checkPlan([file], kinds, 'en')
  expect(refused.exitCode).toBe(2)
  expect(refused.errors.map(({ path }) => path)).toEqual(found.questions.map(({ path }) => path))
  for (const [index, { question }] of found.questions.entries()) {
    expect(refused.errors[index]?.message).toContain(question)
    expect(found.plan.split('\n')[(refused.errors[index]?.line ?? 0) - 1]).toContain(`TODO # ${question}`)
  }
  writeFileSync(file, filled(found))
  const accepted = await checkPlan([file], kinds, 'en')
  expect(accepted.errors).toEqual([])
  expect(accepted.exitCode).toBe(0)
})

test('speaks French', () => {
  const { plan, page, questions } = drafted(shop, 'fr')
  expect(plan).toContain('# Remplacer chaque TODO')
  expect(questions[0]?.question).toMatch(/^Comment s’appelle cette migration\s\?$/)
  expect(page).toContain('Tâches cron et minuteurs qui s’exécuteraient deux fois')
  expect(Object.keys(parse(plan).components)).toEqual(Object.keys(written.components))
})

test('asks where nothing tells: another version, several hosts, several addresses', () => {
  const other = shop.map(output =>
    output.ssh === 'lyon-db'
      ? {
          ...output,
          ssh: 'lyon-pg',
          outputs: {
            ...output.outputs,
            postgres: 'cluster\t17/main\t5432\tonline\n',
            host: `${output.outputs.host}address\teth1\t10.0.0.2/24\n`,
            login: 'user\t0\n',
          },
        }
      : output,
  )
  const { questions } = drafted(other)
  const asked = Object.fromEntries(questions.map(({ path, candidates }) => [path, candidates]))
  expect(asked['components.postgres-main.target.host']).toEqual(['pg', 'web'])
  expect(asked['sites.target.hosts.pg.address']).toEqual(['198.51.100.10', '10.0.0.2'])
})

test('the page of the documentation shows what is written', () => {
  const blocks = blocksOf(pageNamed('docs/discover.md'))
  const shown = (language: string) =>
    blocks.filter(block => block.language === language).map(({ text }) => text)
  expect(shown('yaml')).toHaveLength(1)
  for (const text of shown('yaml')) expect(found.plan).toContain(text.trimEnd())
  const [page = ''] = shown('text')
  expect(page.split('\n').filter(Boolean)).toHaveLength(3)
  for (const line of page.split('\n')) expect(found.page).toContain(line)
})

/** Signs that mean something to a terminal, to YAML, to Markdown or to the records themselves. */
const hostile = fc.oneof(
  fc.string(),
  fc.constantFrom(
    '\u001b[2J\u001b]0;x\u0007',
    'a\nb: c',
    '`; rm -rf /`',
    '- {a: [b',
    '# TODO',
    '"\'\\',
    '\u202Etxt',
    '{{host}}',
    '$t(plan.todo)',
    '<script>alert(1)</script>',
    '[x](javascript:1)',
    '|',
    'null',
    '~',
    '*a',
    '&a',
    '!!js/function',
    '\u2028',
  ),
)

test('a host’s words stay words, whatever they are', () => {
  fc.assert(
    fc.property(hostile, hostile, (one, other) => {
      const json = JSON.stringify({ name: one, bytes: 1, database: other, user: one, address: other })
      const evil = shop.map(output =>
        output.ssh !== 'paris-db'
          ? output
          : {
              ...output,
              outputs: {
                ...output.outputs,
                postgres: `cluster\t15/main\t5432\tonline\ndatabase\t15/main\t${json}\nclient\t15/main\t${json}\n`,
                host: `${output.outputs.host}listen\ttcp\t0.0.0.0:99\t${one}\t${other}\nunseen\t${one}\n`,
                jobs: `cron\t/etc/cron.d/${one}\t1\t${other}\t${one}\t${other}\n`,
              },
            },
      )
      const { plan, page } = drafted(evil)
      expect(parse(plan).components['postgres-main'].databases).toEqual([one])
      expect(plan + page).not.toMatch(/(?!\n)\p{Cc}|[\u202A-\u202E\u2066-\u2069]/u)
      expect(page.split('\n').filter(line => /^#/.test(line)).length).toBeLessThanOrEqual(18)
      parsePlan([{ name: 'plan.yaml', text: plan }], kinds)
    }),
    { numRuns: 20 },
  )
})

test('a long path with a letter that YAML may quote is written at once', () => {
  const path = `/srv/${'partages-direction-generale-'.repeat(20)}Comptabilité`
  expect(parse(`path: ${flow(path)}`)).toEqual({ path })
})
