import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { execa } from 'execa'
import { Temporal } from 'temporal-polyfill'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { journalStamp } from '../../lab/demo/journal-stamp.ts'
import { lookingAgain } from '../../lab/demo/prepare.ts'
import { lowerLab, openLab, ownName } from '../../lab/lab.ts'
import { ownerVariable } from '../../lab/owner.ts'
import { bringHomeByHand, mendSource, spoilSource } from '../helpers/by-hand.ts'
import { blocksOf, commandOf, isOfTheNight, pageNamed, root } from '../helpers/docs-pages.ts'
import { betweenLines, goingWrongLines } from '../helpers/docs-typed-lines.ts'
import { describeLab } from '../helpers/lab-needs.ts'
import { temporaryFolder } from '../helpers/temporary-folder.ts'

/** The laboratory's name on the page, and the one that is this run's own. */
const written = 'night'
const name = ownName(written)
const lastLine = `bascule lab down --name ${written}`

/** Of the plan's zone; `bascule run` wants to be within the window. */
const aMinuteAgo = Temporal.Now.zonedDateTimeISO('Europe/Paris').subtract({ minutes: 1 })
/**
 * Laid over the plan after the overlay that the page names: the window is now, and measurements that only take longer are
 * made short.
 */
const shorter = `window: {start: ${minute(aMinuteAgo)}, length: 3 h, rollbackReserve: 5 min}
components:
  link: {samples: 1, secondsPerSample: 1}
  courses: {load: {path: /courses, simultaneous: 100, seconds: 1}}
`

type Typed = { terminal: 'first' | 'second'; line: string; endsWith: number }
/** What the page has people type, in order; `# ends with N` is an exit code it promises. */
const typed: Typed[] = blocksOf(pageNamed('docs/the-night.md'))
  .filter(isOfTheNight)
  .flatMap(({ mark, text }) =>
    text
      .trim()
      .split('\n')
      .map((line): Typed => {
        const endsWith = Number(/# ends with (\d+)$/.exec(line)?.[1] ?? 0)
        return { terminal: mark === 'night' ? 'second' : 'first', line: commandOf(line), endsWith }
      }),
  )

function minute(time: Temporal.ZonedDateTime): string {
  return time.toPlainDateTime().toString({ smallestUnit: 'minute' })
}

describeLab('the commands of docs/the-night.md, as they are typed', () => {
  const home = temporaryFolder('night')
  const quickOverlay = join(home, 'shorter.yaml')
  let environment: Record<string, string> = {}
  let firstTerminal: ReturnType<typeof type> | undefined

  /**
   * A line in the shell that knows what was exported before. Reports are not written into the checkout; the laboratory is
   * one without machines, which are not the point and take their time.
   */
  const meant = (line: string) =>
    line
      .replace(/report\.(html|md)/, join(home, '$&'))
      .replace(/^bascule lab up\b.*/, '$& --without-machines')
      .replace(new RegExp(`(--name |/bascule-lab/)${written}\\b`), `$1${name}`)
  const type = (line: string) =>
    execa('sh', ['-c', meant(line)], {
      cwd: root,
      env: {
        HOME: home,
        LANG: 'C.UTF-8',
        USER: 'root',
        PATH: process.env.PATH,
        [ownerVariable]: process.env[ownerVariable],
        ...environment,
      },
      extendEnv: false,
      reject: false,
      timeout: 1_200_000,
    })

  async function exported(line: string): Promise<void> {
    const { stdout } = await type(`${line}; env -0`)
    environment = Object.fromEntries(
      stdout.split('\0').flatMap(entry => {
        const at = entry.indexOf('=')
        return at > 0 ? [[entry.slice(0, at), entry.slice(at + 1)] as const] : []
      }),
    )
    if (line.startsWith('export BASCULE_OVERLAY=')) environment.BASCULE_OVERLAY += `:${quickOverlay}`
  }

  const journal = () => journalStamp(environment.BASCULE_STATE ?? '')
  /** Asking all the time would take what the run needs: `bascule status` is a program of its own. */
  async function untilMoreIsWritten(since: string): Promise<void> {
    const end = Date.now() + 5000
    while (journal() === since && Date.now() < end) await wait(100)
    // one write seldom comes alone
    await wait(400)
  }

  /** As the page says: a GO is given once `bascule status` names its role. */
  async function untilAsked(role: string): Promise<void> {
    for (;;) {
      const since = journal()
      const { stdout } = await type('bascule status --json')
      const { waiting, state } = JSON.parse(stdout) as { waiting: { roles: string[] }[]; state: string }
      if (waiting.some(({ roles }) => roles.includes(role))) return
      if (!['running', 'waiting'].includes(state)) throw new Error(`nobody is asked: the run is ${state}`)
      await untilMoreIsWritten(since)
    }
  }

  /** In the first terminal. Returns once the journal says so; before, there is nothing to see in a second one. */
  async function beginRun(line: string): Promise<void> {
    const seen = lookingAgain(async () => {
      const run = type(line)
      firstTerminal = run
      if (await isRunSeen(run)) return { exitCode: 0, said: '' }
      const { exitCode, stdout, stderr } = await run
      return { exitCode, said: `${stdout}${stderr}` }
    })
    expect(await seen).toEqual({ exitCode: 0, said: '' })
  }

  /** False when it ended before. */
  async function isRunSeen(run: ReturnType<typeof type>): Promise<boolean> {
    for (;;) {
      const since = journal()
      const { stdout } = await type('bascule status --mode live --json')
      if (['running', 'waiting'].includes((JSON.parse(stdout) as { state: string }).state)) return true
      if (run.exitCode !== null) return false
      await untilMoreIsWritten(since)
    }
  }

  async function ends(line: string, endsWith = 0): Promise<string> {
    const { exitCode, stdout, stderr } = await lookingAgain(() => type(line))
    const said = exitCode === endsWith ? '' : `${stdout}${stderr}`
    expect({ line, exitCode, said }).toEqual({ line, exitCode: endsWith, said: '' })
    return stdout
  }

  async function inSecondTerminal(line: string, endsWith: number): Promise<void> {
    const role = /^bascule go .*--as (\w+)/.exec(line)?.[1]
    if (role !== undefined) await untilAsked(role)
    if (line.startsWith('export ')) return await exported(line)
    await ends(line, endsWith)
    for (const between of betweenLines.filter(({ after }) => after === line)) await typeBetween(between)
  }

  /** A time to come, whenever this is read; it is waited for until Ctrl-C, which `--foreground` sends once, as a terminal does. */
  async function typeBetween({ line, waits }: (typeof betweenLines)[number]): Promise<void> {
    if (!waits) return void (await ends(line))
    if (line.includes(' --every '))
      return void expect(
        await ends(`timeout --foreground --signal=INT --preserve-status 20 ${line}`),
      ).toMatch(/return path works/)
    const tomorrow = line.replace('2026-12-12T22:00', minute(aMinuteAgo.add({ hours: 24 })))
    const ended = await type(`timeout --foreground --signal=INT --preserve-status 8 ${tomorrow}`)
    expect(ended.stdout + ended.stderr).toMatch(/Starts .*\d\d:\d\d/)
    const { stdout } = await type('bascule status --mode live --json')
    expect(JSON.parse(stdout)).toMatchObject({ state: 'not-started' })
  }

  async function goes(...roles: string[]): Promise<void> {
    for (const role of roles) {
      await untilAsked(role)
      await ends(`bascule go --as ${role}`)
    }
  }

  beforeAll(async () => {
    writeFileSync(quickOverlay, shorter)
  })
  afterAll(async () => {
    firstTerminal?.kill('SIGTERM')
    await firstTerminal
    await lowerLab(name)
    // of the typed takeover; another run would be refused in it
    rmSync(join(root, 'taken-over'), { recursive: true, force: true })
  })

  it('move the estate, and move it back', async () => {
    expect(typed.filter(({ terminal }) => terminal === 'first')).toHaveLength(1)
    const untilTheEnd = typed.filter(({ line }) => line !== lastLine)
    for (const [index, { terminal, line, endsWith }] of untilTheEnd.entries()) {
      if (terminal === 'first') {
        await beginRun(line)
        continue
      }
      await inSecondTerminal(line, endsWith)
      const isLastGo = line.startsWith('bascule go') && !typed[index + 1]?.line.startsWith('bascule go')
      const goesLeft = typed.slice(index + 1).some(next => next.line.startsWith('bascule go'))
      if (isLastGo && !goesLeft) {
        const end = await firstTerminal
        expect([end?.exitCode, end?.stdout]).toEqual([
          0,
          expect.stringContaining('Migrated: the target serves users.'),
        ])
      }
    }
  }, 2_300_000)

  it('and what is typed when something goes wrong, on the same laboratory, an undo too', async () => {
    const left = new Set<string>(goingWrongLines)
    const now = (line: (typeof goingWrongLines)[number], endsWith = 0): Promise<string> => {
      left.delete(line)
      return ends(line, endsWith)
    }
    await now('bascule replicate --by marie')
    left.delete('bascule run')
    await beginRun('bascule run')
    await untilAsked('sysadmin')
    await now('bascule retry T1 --reason "the backup that filled the link is stopped"')
    await goes('lead', 'sysadmin', 'dba', 'network')
    await untilAsked('dba')
    await now('bascule retry T7 --reason "disk replaced"')
    await goes('dba')
    await untilAsked('tester')
    const lab = openLab(name)
    await spoilSource(lab)
    await now('bascule no-go --as tester --note "course 12 does not open"')
    expect((await firstTerminal)?.exitCode).toBe(21)
    expect(await ends('bascule status')).toMatch(
      /Then promote montpellier-database: `[^`]*pg_promote\(\)[\s\S]*done database\.reverse/,
    )
    await now('bascule retry database.reverse --reason "montpellier-database answers again"', 11)
    // it does not, in truth: the undo fails again, and people do what it says
    await ends('bascule resume', 21)
    await mendSource(lab)
    await bringHomeByHand(lab)
    await now('bascule done database.reverse --reason "source promoted by hand, positions compared"', 11)
    await ends('bascule resume', 22)
    await now('bascule report > report.md')
    await ends('bascule replicate')
    await now('bascule run --no-wait', 11)
    await now('bascule rollback --reason "exam answers are refused"', 20)
    expect([...left]).toEqual([])
  }, 2_300_000)

  it('and the laboratory is taken down', async () => {
    expect(typed.at(-1)?.line).toBe(lastLine)
    await ends(lastLine)
    expect(await ends(`bascule lab status --name ${written}`)).toContain('absent')
  })
})
