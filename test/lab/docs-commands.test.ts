import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { execa } from 'execa'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { lowerLab } from '../../lab/lab.ts'
import { blocksOf, pageNamed, root } from '../unit/docs-pages.ts'
import { describeLab } from './lab-needs.ts'

/** The laboratory's name on the page. */
const name = 'night'

/** Measurements that only take longer, made short: laid over the plan after the overlay that the page names. */
const shorter = `components:
  link: {samples: 1, secondsPerSample: 1}
  courses: {load: {path: /courses, simultaneous: 100, seconds: 1}}
`

type Typed = { terminal: 'first' | 'second'; line: string; endsWith: number }
/** What the page has people type, in order; `# ends with N` is an exit code it promises. */
const typed: Typed[] = blocksOf(pageNamed('docs/the-night.md'))
  .filter(block => block.language === 'sh' && ['night', 'first-terminal'].includes(block.mark))
  .flatMap(({ mark, text }) =>
    text
      .trim()
      .split('\n')
      .map((line): Typed => {
        const endsWith = Number(/# ends with (\d+)$/.exec(line)?.[1] ?? 0)
        return { terminal: mark === 'night' ? 'second' : 'first', line, endsWith }
      }),
  )

describeLab('the commands of docs/the-night.md, as they are typed', () => {
  const home = mkdtempSync(join(tmpdir(), 'bascule-night-'))
  const quickOverlay = join(home, 'shorter.yaml')
  let environment: Record<string, string> = {}
  let firstTerminal: ReturnType<typeof type> | undefined

  /** A line in the shell that knows what was exported before. `report.html` is not written into the checkout. */
  const type = (line: string) =>
    execa('sh', ['-c', line.replace('report.html', join(home, 'report.html'))], {
      cwd: root,
      env: { HOME: home, LANG: 'C.UTF-8', USER: 'root', PATH: process.env.PATH, ...environment },
      extendEnv: false,
      reject: false,
      timeout: 120_000,
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

  /** As the page says: a GO is given once `bascule status` names its role. */
  async function untilAsked(role: string): Promise<void> {
    for (;;) {
      const { stdout } = await type('bascule status --json')
      const { waiting, state } = JSON.parse(stdout) as { waiting: { roles: string[] }[]; state: string }
      if (waiting.some(({ roles }) => roles.includes(role))) return
      if (!['running', 'waiting'].includes(state)) throw new Error(`nobody is asked: the run is ${state}`)
      await wait(300)
    }
  }

  /** The run has been begun when its journal says so; before, there is nothing to see in a second terminal. */
  async function untilRunIsSeen(): Promise<void> {
    for (;;) {
      const { stdout } = await type('bascule status --mode live --json')
      if ((JSON.parse(stdout) as { state: string }).state !== 'not-started') return
      if (firstTerminal?.exitCode != null) throw new Error('the run ended before it was seen')
      await wait(300)
    }
  }

  async function inSecondTerminal(line: string, endsWith: number): Promise<void> {
    const role = /^bascule go .*--as (\w+)/.exec(line)?.[1]
    if (role !== undefined) await untilAsked(role)
    if (line.startsWith('export ')) return await exported(line)
    const end = await type(line)
    expect({ line, exitCode: end.exitCode, said: end.exitCode === endsWith ? '' : end.stderr }).toEqual({
      line,
      exitCode: endsWith,
      said: '',
    })
  }

  beforeAll(async () => {
    writeFileSync(quickOverlay, shorter)
    await lowerLab(name)
  }, 60_000)
  afterAll(async () => {
    firstTerminal?.kill('SIGTERM')
    await firstTerminal
    await lowerLab(name)
    rmSync(home, { recursive: true })
  }, 60_000)

  it('move the estate, and move it back', async () => {
    expect(typed.filter(({ terminal }) => terminal === 'first')).toHaveLength(1)
    for (const [index, { terminal, line, endsWith }] of typed.entries()) {
      if (terminal === 'first') {
        firstTerminal = type(line)
        await untilRunIsSeen()
        continue
      }
      await inSecondTerminal(line, endsWith)
      const isLastGo = line.startsWith('bascule go') && !typed[index + 1]?.line.startsWith('bascule go')
      const goesLeft = typed.slice(index + 1).some(next => next.line.startsWith('bascule go'))
      if (isLastGo && !goesLeft) {
        const end = await firstTerminal
        expect([end?.exitCode, end?.stdout]).toEqual([0, expect.stringContaining('Moved.')])
      }
    }
    expect(typed.at(-1)?.line).toBe(`bascule lab down --name ${name}`)
    await expect(type(`bascule lab status --name ${name}`)).resolves.toMatchObject({
      stdout: expect.stringContaining('absent'),
    })
  }, 400_000)
})
