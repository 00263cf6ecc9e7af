import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { execa } from 'execa'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { clusterDirectory } from '../../lab/database/configuration.ts'
import { beThere } from '../../lab/demo/people.ts'
import { lookingAgain } from '../../lab/demo/prepare.ts'
import { execIn, type Lab, lowerLab, ownName, raiseLab } from '../../lab/lab.ts'
import { repository, treeOf } from '../../lab/paths.ts'
import { withoutMachines } from '../../lab/topology.ts'
import { loadKinds } from '../../src/kinds/registry.ts'
import { exitCodes } from '../../src/model/failure.ts'
import { openPlan } from '../../src/plan/load.ts'
import { type Canary, canariesIn, type Form, filesThatShow, formsOf, shownIn } from '../helpers/canaries.ts'
import { describeLab } from '../helpers/lab-needs.ts'
import { type Watched, watchProcesses } from '../helpers/process-watch.ts'
import { recordCalls } from '../helpers/recorded-calls.ts'
import { temporaryFolder } from '../helpers/temporary-folder.ts'
import { type Ended, TypedBascule } from '../helpers/typed-bascule.ts'

/**
 * Secrets stay secret: those of the laboratory are the canaries, and some that are wrong on purpose. The night is carried out
 * and undone; then everything that was printed, written or to be seen is searched for them.
 */
const name = ownName('secrets')
const home = temporaryFolder('secrets')
const state = join(home, 'state')
const begun = join(home, 'begun')
/** Whatever is done at the hosts is told as it is done, and kept here. */
const log = join(home, 'calls.log')
const telling = ['--verbose', '--log', log]
/** The one variable that a person gives on purpose. */
const given = 'BASCULE_TRAINER'
/** What a secret is handed to, or comes from, and is gone between two looks. */
const calls = recordCalls(home, ['cat', 'nsupdate', 'ssh'], given)
/** Of what a quoted setting, a URL, a shell and JSON each take apart. */
const wrongPassword = `wrong "canary" it's $(id) %41 \\ é canary-in-the-mine`
/** Not base64: nsupdate repeats what it cannot read. */
const wrongKey = 'canary-key-that-is-no-base64!'

let lab: Lab
let canaries: Canary[]
let forms: Form[]
let watched: Watched
const ends: Record<string, Ended> = {}

describeLab('secrets', () => {
  beforeAll(async () => {
    writeFileSync(begun, '')
    lab = await raiseLab({ name, size: 'tiny', linkMbps: 200, parts: withoutMachines, initialTtlSeconds: 10 })
    for (const site of ['montpellier', 'toulouse']) await logEveryStatement(`${site}-database`)
    writeFileSync(join(lab.secretsDirectory, 'wrong-password'), wrongPassword, { mode: 0o600 })
    writeFileSync(join(lab.secretsDirectory, 'wrong-key'), wrongKey, { mode: 0o600 })
    canaries = canariesIn(lab.secretsDirectory)
    forms = formsOf(canaries)
    const stopWatching = watchProcesses(forms, { state, given })
    try {
      await moveAndGoBack(new TypedBascule(lab, home))
    } finally {
      watched = stopWatching()
    }
  })
  afterAll(async () => {
    await lowerLab(name)
  })

  /** A server that writes down all it is told would show a password that was sent to it. */
  async function logEveryStatement(host: string): Promise<void> {
    const file = join(treeOf(name, host), clusterDirectory, 'conf.d/log-statements.conf')
    writeFileSync(file, "log_statement = 'all'\nlog_connections = on\n", { mode: 0o644 })
    await execIn(lab, host, ['pg_ctlcluster', '15', 'main', 'reload'])
  }

  async function moveAndGoBack(bascule: TypedBascule): Promise<void> {
    const file = (secret: string) => join(lab.secretsDirectory, secret)
    const quick = {
      link: { samples: 1, secondsPerSample: 1 },
      courses: { load: { seconds: 1, simultaneous: 10 } },
    }
    // each of the three ways in which a plan names a secret
    const overlay = {
      components: {
        ...quick,
        auth: { secrets: { trainer: `env:${given}` } },
        database: { admin: { password: `cmd:cat ${file('database-bascule')}` } },
      },
    }
    const wrong = {
      components: {
        link: quick.link,
        database: { admin: { password: `file:${file('wrong-password')}` } },
        names: { update: { tsig: { secret: `file:${file('wrong-key')}` } } },
        auth: { secrets: { trainer: `file:${file('wrong-password')}` } },
      },
    }
    const env = { PATH: `${calls.directory}:${process.env.PATH}` }
    const withTrainer = { ...env, [given]: readFileSync(file('trainer'), 'utf8') }
    const type = async (verb: string, ...rest: string[]) => {
      ends[verb] = await lookingAgain(() =>
        bascule.type({ state, overlay, env: withTrainer }, verb, ...rest, ...telling),
      )
    }
    ends.wrong = await bascule.type(
      { overlay: wrong, state: join(home, 'state-wrong'), env },
      'audit',
      ...telling,
    )
    await type('audit', '--json')
    await type('replicate')
    await type('rehearse', '--lang', 'fr')
    const goneHome = new AbortController()
    const team = beThere(lab, state, await roles(), undefined, goneHome.signal)
    await type('run', '--at', 'now')
    goneHome.abort()
    await team
    await type('verify', '--json')
    await type('rollback', '--reason', 'the trainers cannot work')
    await type('report', '--json')
    await type('status', '--json')
    await type('journal', 'show')
  }

  async function roles() {
    const plan = await openPlan(
      [join(repository, 'examples/techcorp/plan.yaml'), lab.overlayFile],
      await loadKinds(),
    )
    const of = (gate: keyof typeof plan.gates) =>
      plan.gates[gate].signoffs.map(role => ({ role, name: role }))
    return { go: of('go'), integrity: of('integrity'), reopen: of('reopen') }
  }

  it('were used: the night was carried out with them, and undone', () => {
    const codes = Object.fromEntries(Object.entries(ends).map(([verb, { exitCode }]) => [verb, exitCode]))
    const expected: Record<string, number> = {
      ...{ wrong: exitCodes.checksFailed, audit: 0, replicate: 0, rehearse: 0, run: 0, verify: 0 },
      ...{ rollback: exitCodes.rolledBack, report: 0, status: 0, journal: 0 },
    }
    const firstWrong = Object.keys(ends).find(verb => codes[verb] !== expected[verb])
    const said = firstWrong === undefined ? '' : `${firstWrong}: ${ends[firstWrong]?.output}`
    expect({ said, ...codes }).toEqual({ said: '', ...expected })
  })

  it('are looked for in a way that finds them', async () => {
    const names = [...new Set(canaries.map(canary => canary.name))]
    expect(names.length).toBeGreaterThanOrEqual(8)
    const found = await filesThatShow(forms, [lab.secretsDirectory])
    expect(found.map(file => file.split('/').at(-1)).sort()).toEqual(names.sort())
    for (const { name: secret, value } of canaries) {
      const within = Buffer.from(`{"user":"x","password":"${value}"}`)
      for (const text of [
        within.toString('base64'),
        within.toString('hex'),
        encodeURIComponent(`a ${value}`),
      ])
        expect(shownIn(text, forms)).toContain(secret)
    }
    const stop = watchProcesses(formsOf([{ name: 'seen', value: 'canary-as-argument' }]), {
      state,
      given: '',
    })
    await execa('sleep', ['0.3', '0.0'], { argv0: 'canary-as-argument' })
    expect(stop().showed).not.toEqual([])
  })

  it('are in nothing that any verb prints', () => {
    const shown = Object.entries(ends).flatMap(([verb, { output }]) =>
      shownIn(output, forms).map(secret => `${verb} shows ${secret}`),
    )
    expect(shown).toEqual([])
  })

  it('are in no arguments of any process, and in no environment that Bascule gave', () => {
    expect(watched.showed).toEqual([])
    expect(watched.processes).toBeGreaterThan(100)
    expect([...watched.programs]).toEqual(expect.arrayContaining(['rsync', 'pg_basebackup']))
  })

  it('are in no arguments and no environment of the programs that are called shortly, of which none is missed', () => {
    const recorded = calls.read(forms)
    expect(recorded.showed).toEqual([])
    expect([...recorded.programs].sort()).toEqual(['cat', 'nsupdate', 'ssh'])
    expect(recorded.calls).toBeGreaterThan(100)
  })

  it('would be seen in a short call: in its arguments, and in its environment unless a person gave it there', async () => {
    const seen = formsOf([{ name: 'seen', value: 'canary-on-purpose' }])
    const tried = recordCalls(join(home, 'tried'), ['true'], given)
    const call = async (argument: string, env: Record<string, string>) => {
      await execa(join(tried.directory, 'true'), [argument], { env, extendEnv: false })
      return tried.read(seen)
    }
    expect(await call('nothing', { [given]: 'canary-on-purpose' })).toMatchObject({ showed: [], calls: 1 })
    expect((await call('canary-on-purpose', {})).showed).toEqual([
      expect.stringMatching(/^argv of .*true canary/),
    ])
    const { showed, calls: count, programs } = await call('nothing', { OTHER: 'canary-on-purpose' })
    expect({ showed: showed.length, count, programs }).toEqual({
      showed: 2,
      count: 3,
      programs: new Set(['true']),
    })
  })

  it('could have been told of what was done at the hosts: it is in the log, and kept for each step', () => {
    const lines = readFileSync(log, 'utf8').trimEnd().split('\n')
    expect(lines.length).toBeGreaterThan(1000)
    for (const program of ['rsync', 'pg_ctl', 'nsupdate'])
      expect(
        lines.some(line => line.includes(program)),
        program,
      ).toBe(true)
    expect(ends.run?.stderr).toContain(' postgres$ ')
    expect(readdirSync(join(state, 'commands')).length).toBeGreaterThan(10)
  })

  it('are in no journal, no state, no defect and no temporary file of this machine', async () => {
    expect(await filesThatShow(forms, [home])).toEqual([])
    // The trainer's password is the same in every laboratory, and in the source: it may be there for another's sake. What
    // these verbs make for a time is below `home`.
    const ownAlone = forms.filter(form => form.name !== 'trainer')
    const temporary = await filesThatShow(ownAlone, ['/tmp', '/run', '/var/tmp'], { newerThan: begun })
    expect(temporary).toEqual([])
    expect(readFileSync(join(state, 'journal.db')).length).toBeGreaterThan(10_000)
  })

  it('are in no log of any host, in no configuration but the files made for them, in no data', async () => {
    const trees = Object.keys(lab.hosts).map(host => treeOf(name, host))
    const below = (directory: string) => trees.map(tree => join(tree, directory))
    const places = [
      'var/log',
      'var/lib/bascule',
      'var/lib/postgresql',
      'tmp',
      'var/tmp',
      'root',
      'etc/postgresql',
    ]
    // what an undo puts back holds the gateway's own key, as the file that it is a copy of
    const kept = /\/vpn\/[\w-]+\/before$/
    const except = new RegExp(`/bascule\\.pgpass$|${kept.source}`)
    expect(await filesThatShow(forms, places.flatMap(below), { except })).toEqual([])
    const copies = (await filesThatShow(forms, below('var/lib/bascule'))).filter(file => kept.test(file))
    expect(copies).not.toEqual([])
    for (const file of copies) expect([file, statSync(file).mode & 0o777]).toEqual([file, 0o600])
    const logged = readFileSync(
      join(treeOf(name, 'montpellier-database'), 'var/log/postgresql/postgresql-15-main.log'),
      'utf8',
    )
    expect(logged).toMatch(/statement: .*create role/i)
    for (const host of Object.keys(lab.hosts)) {
      const { stdout } = await execIn(lab, host, [
        'sh',
        '-c',
        // a network namespace has a file to be held by, which nothing can be read from
        'find /run /dev/shm -xdev -type f -not -path "/run/netns/*" | xargs -r cat',
      ])
      expect(shownIn(stdout, forms), host).toEqual([])
    }
  })
})
