import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { cruise, type ICruiseResult } from 'dependency-cruiser'
import { beforeAll, describe, expect, it } from 'vitest'

const root = join(import.meta.dirname, '../..')

/** The catalogues of folders that are otherwise none of a folder's business. */
const sentencesOf = (...folders: string[]): string[] => folders.map(one => `${one}/messages.ts`)

/** Who may import what. A folder that is not named here may be imported by nobody and imports nothing. */
const allowed: Record<string, string[]> = {
  model: [],
  i18n: ['model'],
  plan: ['model', 'i18n', 'kinds/kit/fields.ts', 'kinds/registry.ts'],
  runbook: ['model'],
  forecast: ['model', 'runbook'],
  journal: ['model'],
  transport: ['model'],
  kinds: ['model', 'transport'],
  discover: ['model', 'transport/become.ts', 'kinds/kit/script.ts', 'plan/scalar.ts', 'views/lines.ts'],
  run: ['model', 'runbook', 'forecast', 'journal', 'transport'],
  views: ['model', 'i18n', 'forecast', 'runbook', 'run', ...sentencesOf('journal', 'plan', 'transport')],
  server: ['model', 'run', 'views'],
  cli: [
    ...['model', 'i18n', 'plan', 'runbook', 'forecast', 'journal', 'transport', 'kinds', 'run', 'views'],
    'discover',
    'server',
  ],
}

type Edge = { from: string; to: string }
let modules: string[] = []
let edges: Edge[] = []

beforeAll(async () => {
  const { output } = await cruise(['src'], {
    baseDir: root,
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
  })
  const result = output as ICruiseResult
  modules = result.modules.map(module => module.source).filter(source => /^src\/.*\.tsx?$/.test(source))
  edges = result.modules.flatMap(module =>
    module.dependencies
      .filter(dependency => dependency.resolved.startsWith('src/'))
      .map(dependency => ({ from: module.source, to: dependency.resolved })),
  )
})

const inside = (path: string): string => path.replace(/^src\//, '')
const folder = (path: string): string => inside(path).split('/')[0] ?? ''

describe('the direction of imports', () => {
  it('is read from every module there is', () => {
    expect(modules.length).toBe(sources().length)
    expect(modules.length).toBeGreaterThan(50)
    expect(edges.length).toBeGreaterThan(modules.length)
  })

  it('follows the way of the data', () => {
    const wrong = edges.filter(({ from, to }) => {
      if (folder(from) === folder(to)) return false
      const may = allowed[folder(from)] ?? []
      return !may.some(one => one === folder(to) || one === inside(to))
    })
    expect(wrong.map(({ from, to }) => `${from} → ${to}`)).toEqual([])
  })

  it('never leads from one kind to another', () => {
    const kindOf = (path: string): string | undefined => /^src\/kinds\/([^/]+)\//.exec(path)?.[1]
    const wrong = edges.filter(({ from, to }) => {
      const [own, other] = [kindOf(from), kindOf(to)]
      return own !== undefined && other !== undefined && own !== other && other !== 'kit'
    })
    expect(wrong).toEqual([])
  })

  it('has no circles', async () => {
    const { output } = await cruise(['src'], {
      baseDir: root,
      doNotFollow: { path: 'node_modules' },
      tsPreCompilationDeps: true,
      ruleSet: {
        forbidden: [{ name: 'circle', severity: 'error', from: {}, to: { circular: true } }],
      },
      validate: true,
    })
    const { summary } = output as ICruiseResult
    expect(summary.violations.map(({ from, to }) => `${from} → ${to}`)).toEqual([])
  })

  it('lets only the transport, the journal and the run’s own files reach the world', () => {
    const world = /from '(node:(child_process|net|tls|http|https|dgram|sqlite)|execa|pg)'/
    const doors = /^src\/(transport|journal|run\/(lock|orders)\.ts|server\/serve\.ts|cli)/
    const wrong = sources().filter(path => !doors.test(path) && world.test(read(path)))
    expect(wrong).toEqual([])
  })
})

it('tests take properties with their fixed seed', () => {
  const wrong = sources('test').filter(
    path => path !== 'test/helpers/property.ts' && /^import .* from 'fast-check'/m.test(read(path)),
  )
  expect(wrong).toEqual([])
})

describe('rooms', () => {
  const rooms = [...sources(), ...sources('lab'), ...sources('bench')]

  it('are small: no file past 250 lines', () => {
    const large = rooms.filter(path => read(path).split('\n').length > 251)
    expect(large).toEqual([])
  })

  const kinds = readdirSync(join(root, 'src/kinds')).filter(name => !/kit|\./.test(name))

  it('ask no component for the name of its kind', () => {
    expect(kinds.length).toBeGreaterThan(5)
    // The registry compares a kind's name with its folder's.
    const asked = sources().filter(path => path !== 'src/kinds/registry.ts')
    expect(asked.flatMap(path => asksForKind(path, read(path), kinds))).toEqual([])
  })

  it.each([
    "return component.kind === 'dns'",
    "const ours = kind !== 'dns' && true",
    "const found = 'dns' === component.kind",
    'switch (component.kind) {',
    "    case 'dns':",
    'components.find(one => one.kind === authority.kind)',
    "if (['dns', 'link'].includes(component.kind)) return",
    "kinds.dns?.measures, kinds['dns']",
    "import { kind } from '../kinds/dns/index.ts'",
  ])('a look at the name is seen: %s', line => {
    expect(asksForKind('src/cli/some.ts', line, ['dns', 'link'])).toHaveLength(1)
  })

  it('do not look into the fields of another component: what it is to others is asked for by role', () => {
    const looking = sources('src/kinds').flatMap(path => looksIntoSpec(path, read(path)))
    expect(looking).toEqual([])
  })

  it.each([
    'Object.values(plan.components)',
    'const { spec } = context.plan.components[id]',
    'const { components } = plan',
    'const { plan: { components } } = context',
  ])('a look into the fields is seen: %s', line => {
    expect(looksIntoSpec('src/kinds/some.ts', line)).toHaveLength(1)
  })
})

describe('sentences', () => {
  it('are for people: no key is compared, and what the program asks of a failure is its code', () => {
    expect(sources().flatMap(path => comparesKeys(path, read(path)))).toEqual([])
  })

  it.each([
    "if (cause.text.key === 'run.siteGivenUp') return cause",
    "failure?.text.key !== 'run.siteGivenUp'",
    "return why.key === 'run.siteGivenUp'",
    'const isSilence = silences.includes(error.text.key)',
    'unreachableKeys.test(end.reason.text.key)',
    "error.text.key.startsWith('link.')",
    'switch (failure.text.key) {',
    "const silences = ['transport.unreachable', 'transport.timedOut'].includes(text.key)",
  ])('a comparison of a key is seen: %s', line => {
    expect(comparesKeys('src/run/some.ts', line)).toHaveLength(1)
  })
})

describe('instants', () => {
  it('are Temporal: nothing in src uses Date', () => {
    expect(sources().length).toBeGreaterThan(300)
    expect(sources().flatMap(path => usesDate(path, read(path)))).toEqual([])
  })

  it.each([
    'const end = Date.parse(io.now()) + 1000',
    'return new Date(end).toISOString()',
    'const at = Date.now()',
    'export type Seen = { at: Date }',
    'const make = Date',
  ])('a use of Date is seen: %s', line => {
    expect(usesDate('src/cli/some.ts', line)).toHaveLength(1)
  })
})

describe('waiting', () => {
  const loop = 'src/kinds/kit/until.ts'
  /** Who sleeps once, and why it is no wait for something to come true. */
  const pauses: Record<string, string> = {
    'src/kinds/postgres/audit-wal.ts': 'the second slept is the measurement of what the log grows by',
    'src/kinds/files/actions/prove.ts':
      'what was written a moment ago is to be older than what the night reads again',
  }

  it('is one loop of the kit: no kind sleeps, or asks again and again, by itself', () => {
    const asking = sources('src/kinds').filter(path => path !== loop && !(path in pauses))
    expect(asking.length).toBeGreaterThan(200)
    expect(asking.flatMap(path => waits(path, read(path)))).toEqual([])
  })

  it('is not done by those who pause once either', () => {
    const wrong = Object.keys(pauses).filter(path => waits(path, read(path)).length !== 1)
    expect(wrong).toEqual([])
  })

  it.each([
    '    await io.sleep(pauseSeconds)',
    'const { sleep } = io',
    "import { setTimeout as wait } from 'node:timers/promises'",
    'await new Promise(resolve => setTimeout(resolve, 100))',
    'while (!(await answers(io, at))) asked += 1',
    'do seen = await look() while (!seen)',
    'for (let seen = await look(); !seen; seen = await look()) {}',
  ])('a loop of its own is seen: %s', line => {
    expect(waits('src/kinds/some.ts', line)).toHaveLength(1)
  })
})

const linesWith = (path: string, text: string, patterns: RegExp[]): string[] =>
  text
    .split('\n')
    .filter(line => patterns.some(pattern => pattern.test(line)))
    .map(line => `${path}: ${line.trim()}`)

function asksForKind(path: string, text: string, kinds: string[]): string[] {
  const name = `['"](${kinds.join('|')})['"]`
  return linesWith(path, text, [
    new RegExp(`\\bkind\\)? ?[!=]==? ?${name}`),
    new RegExp(`${name} ?[!=]==? ?[\\w.?]*\\bkind\\b`),
    /\.kind ?[!=]==? ?\w/,
    /[!=]==? ?\w+\.kind\b/,
    /\bswitch \([\w.?]*\bkind\)/,
    /\bincludes\([\w.?]*\bkind\)/,
    new RegExp(`\\bcase ${name}`),
    new RegExp(`\\bkinds(\\?\\.|\\.|\\[['"])(${kinds.join('|')})\\b`),
    ...(path.startsWith('src/kinds/') ? [] : [new RegExp(`from '[./]+/kinds/(${kinds.join('|')})/`)]),
  ])
}

const looksIntoSpec = (path: string, text: string): string[] =>
  linesWith(path, text, [/\bplan\??\.components\b/, /\bcomponents\b[^=]*\} = [\w.]*(plan|context)\b/])

/** The catalogue alone asks whether it has a key. */
const comparesKeys = (path: string, text: string): string[] =>
  path === 'src/i18n/translator.ts'
    ? []
    : linesWith(path, text, [
        /\btext\??\.key ?[!=]==?|[!=]==? ?[\w.?]*\btext\??\.key\b/,
        /\bkey ?[!=]==? ?['"][\w-]+\./,
        /\b(includes|test|has|match|exec)\([\w.?]*\btext\??\.key\b/,
        /\btext\??\.key\.\w/,
        /\bswitch \([\w.?]*\btext\??\.key\b/,
      ])

/** Comments and `DateTimeFormat` aside. */
const usesDate = (path: string, text: string): string[] =>
  linesWith(path, text, [/^(?!\s*(\/\/|\/?\*)).*\bDate\b/])

/** Comments aside, and commands for a host's shell. */
const waits = (path: string, text: string): string[] =>
  linesWith(path, text, [
    /^(?!\s*(\/\/|\/?\*)).*(\bsleep\b(?! [\d\\"])|\bsetTimeout\b|\bsetInterval\b|timers\/promises)/,
    /\bwhile \(.*\bawait\b|\bawait\b.*\bwhile \(/,
    /\bfor \([^;]*;[^;]*;[^)]*\bawait\b/,
  ])

function read(path: string): string {
  return readFileSync(join(root, path), 'utf8')
}

function sources(top = 'src'): string[] {
  return readdirSync(join(root, top), { recursive: true, encoding: 'utf8' })
    .map(path => `${top}/${path}`)
    .filter(path => /\.tsx?$/.test(path) && statSync(join(root, path)).isFile())
}
