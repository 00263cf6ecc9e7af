import { type Browser, chromium, type Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { CommandContext } from '../../src/cli/command-context.ts'
import { readGlobalOptions, typedCommand } from '../../src/cli/global-options.ts'
import { openStored } from '../../src/cli/migration.ts'
import { sourceOf } from '../../src/cli/serve.ts'
import { type ControlRoom, serveControlRoom } from '../../src/server/serve.ts'
import { CommandLine } from '../helpers/command-line.ts'
import { freePort } from '../helpers/free-port.ts'
import { type WatchedNight, watchedNight } from '../helpers/watched-night.ts'

const line = new CommandLine()
let browser: Browser
const rooms: ControlRoom[] = []
/** For what hangs: a slow machine takes longer. */
const patience = { timeout: 200_000 }

beforeAll(async () => {
  browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] })
})
afterAll(async () => {
  await browser?.close()
})
afterEach(async () => {
  vi.useRealTimers()
  for (const context of browser.contexts()) await context.close()
  for (const room of rooms.splice(0)) await room.close()
})

/** The night's own time; only what is asked for as the time of day stands still. */
const itIs = (at: string) => vi.useFakeTimers({ toFake: ['Date'], now: new Date(at) })

async function serve(
  stateDirectory: string,
  port?: number,
): Promise<{ url: string; room: ControlRoom; port: number }> {
  const typed = { state: stateDirectory, plan: '/nowhere.yaml' }
  const quiet = { write: () => true }
  const context = new CommandContext(
    readGlobalOptions(typed, line.environment),
    'en',
    typedCommand(typed),
    { stdout: quiet, stderr: quiet },
    line.environment,
  )
  const migration = await openStored(context)
  const spoken = { en: context.inLanguage('en'), fr: context.inLanguage('fr') }
  const wanted = { host: '127.0.0.1', port: port ?? (await freePort()) }
  const room = await serveControlRoom(sourceOf(spoken, migration), wanted, {
    say: (text, language) => spoken[language].say(text),
    onTrouble: () => {},
  })
  rooms.push(room)
  return { room, port: wanted.port, url: `http://127.0.0.1:${wanted.port}` }
}

type Watched = { page: Page; complaints: string[]; requests: string[] }

async function watch(url: string, options: { locale?: string; width?: number } = {}): Promise<Watched> {
  const context = await browser.newContext({
    locale: options.locale ?? 'en-GB',
    viewport: { width: options.width ?? 1280, height: 844 },
  })
  const page = await context.newPage()
  const [complaints, requests]: [string[], string[]] = [[], []]
  page.on('console', message => complaints.push(message.text()))
  page.on('pageerror', error => complaints.push(String(error)))
  page.on('request', request => requests.push(request.url()))
  await page.goto(`${url}/`)
  await page.waitForSelector('.line.live', patience)
  return { page, complaints, requests }
}

const isDone = (step: string) => (event: { type: string; step?: string }) =>
  event.type === 'step.done' && event.step === step
const isReached = (gate: string) => (event: { type: string; gate?: string }) =>
  event.type === 'gate.reached' && event.gate === gate

async function nightAt(name: string): Promise<{ night: WatchedNight; at: string }> {
  const night = await watchedNight(`${line.home}/${name}`)
  return { night, at: night.growUntil(isReached('integrity')) }
}

describe('the control room', () => {
  it('gets the very bytes that `status --json` prints, in both languages, by page, stream and file', async () => {
    const { night, at } = await nightAt('bytes')
    itIs(at)
    const { url } = await serve(night.stateDirectory)
    for (const language of ['en', 'fr'] as const) {
      const typed = ['--state', night.stateDirectory, '--plan', '/nowhere.yaml', '--lang', language]
      const { stdout } = await line.type('status', '--json', ...typed)
      expect(stdout).toContain('"state"')
      expect(await (await fetch(`${url}/status.json?lang=${language}`)).text()).toBe(stdout)
      const { page } = await watch(url, { locale: language })
      const told = await page.evaluate(
        `new Promise(resolve => new EventSource('/events?lang=${language}').addEventListener('status', event => resolve(event.data)))`,
      )
      expect(`${told}\n`).toBe(stdout)
    }
  })

  it('shows what is written while it is open, and says how long ago a lost server was heard', async () => {
    const { night, at } = await nightAt('grows')
    itIs(at)
    const first = await serve(night.stateDirectory)
    const { page, complaints, requests } = await watch(first.url)
    const log = page.locator('#log li')
    const before = await log.count()
    expect(before).toBeGreaterThan(10)
    const later = night.growUntil(isDone('database.promote'))
    itIs(later)
    await expect.poll(() => log.first().textContent(), patience).toMatch(/done: database: promote/)
    expect(await log.count()).toBeGreaterThan(before)
    const ids = (await page.evaluate(
      `[...document.querySelectorAll('#log li')].map(({ id }) => id)`,
    )) as string[]
    expect(new Set(ids).size).toBe(ids.length)
    const gate = page.locator('#gate-integrity .state').first()
    await expect.poll(() => gate.textContent(), patience).toContain('passed')

    await rooms.pop()?.close()
    await page.waitForSelector('#stale:not([hidden])', patience)
    expect(await page.locator('#stale').textContent()).toMatch(
      /^Nothing heard since \d\d:\d\d:\d\d \(\d+:\d\d/,
    )
    const atLoss = await log.count()
    itIs(night.growUntil(isReached('reopen')))
    await serve(night.stateDirectory, first.port)
    await page.waitForSelector('#stale[hidden]', { state: 'attached', ...patience })
    await expect.poll(() => log.count(), patience).toBeGreaterThan(atLoss)
    expect(
      complaints.filter(
        text => !text.includes('ERR_CONNECTION_REFUSED') && !text.includes('ERR_INCOMPLETE_CHUNKED'),
      ),
    ).toEqual([])
    expect(requests.filter(request => !request.startsWith(first.url))).toEqual([])
  })
})
