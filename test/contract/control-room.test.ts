import { once } from 'node:events'
import { cpSync, mkdirSync, readFileSync } from 'node:fs'
import { type IncomingMessage, request } from 'node:http'
import { join } from 'node:path'
import axe from 'axe-core'
import { type Browser, chromium, type Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { CommandContext } from '../../src/cli/command-context.ts'
import { readGlobalOptions, typedCommand } from '../../src/cli/global-options.ts'
import { openStored } from '../../src/cli/migration.ts'
import { sourceOf } from '../../src/cli/serve.ts'
import { journalFile } from '../../src/run/stored-runs.ts'
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

  it('shows hostile names as they are written, on a telephone and a projector, in both languages and colours', async () => {
    const hostile = `<img src=x onerror=alert(1)>"'&<script>alert(2)</script>\u202Eevil ${'x'.repeat(120)}`
    const night = await watchedNight(`${line.home}/hostile`, plan => {
      plan.title = hostile
      for (const person of plan.people) person.name = hostile
      for (const component of Object.values(plan.components)) component.title = hostile
    })
    const at = night.growUntil(({ type }) => type === 'step.started')
    const running = night.last() as { step: string }
    night.progress(running.step, { bytesDone: 43, bytesTotal: 48, note: hostile }, at)
    itIs(at)
    const { url } = await serve(night.stateDirectory)
    for (const [locale, width] of [
      ['fr-FR', 390],
      ['en-GB', 1920],
    ] as const) {
      const { page, complaints, requests } = await watch(url, { locale, width })
      expect(await page.locator('html').getAttribute('lang')).toBe(locale.slice(0, 2))
      expect(await page.locator('h1').textContent()).toBe(hostile.replace('\u202E', '<U+202E>'))
      expect(await page.locator('.moving').first().textContent()).toContain('<img src=x')
      expect(await page.locator('img, main script').count()).toBe(0)
      expect(await page.evaluate('document.documentElement.scrollWidth - innerWidth')).toBeLessThanOrEqual(0)
      for (const theme of ['dark', 'light']) {
        expect(await page.evaluate('getComputedStyle(document.documentElement).colorScheme')).toBe(theme)
        expect(await violationsOn(page)).toEqual([])
        await page.locator('#theme').click()
      }
      expect(complaints).toEqual([])
      expect(requests.filter(request => !request.startsWith(url))).toEqual([])
    }
  })

  it('shows one role its own part, and keeps it so when the page changes', async () => {
    const { night, at } = await nightAt('role')
    itIs(at)
    const { url } = await serve(night.stateDirectory)
    const { page } = await watch(url)
    const shown = () => page.locator('#gantt li.row:visible').count()
    const all = await shown()
    await page.locator('#roles button[data-role="dba"]').click()
    const own = await shown()
    expect(own).toBeGreaterThan(0)
    expect(own).toBeLessThan(all)
    itIs(night.growUntil(isDone('database.promote')))
    const log = page.locator('#log li').first()
    await expect.poll(() => log.textContent(), patience).toMatch(/done: database: promote/)
    expect(await shown()).toBe(own)
  })

  it('answers only GET, and only under its own name', async () => {
    const { night } = await nightAt('names')
    const { url, port } = await serve(night.stateDirectory)
    const page = await fetch(`${url}/`)
    expect(page.headers.get('content-security-policy')).toMatch(
      /^default-src 'none'; script-src 'self'; style-src 'self';/,
    )
    expect(await page.text()).not.toMatch(/<script>|<style|\sstyle=|\son\w+=|https?:\/\//)
    for (const method of ['POST', 'PUT', 'DELETE', 'HEAD', 'OPTIONS'])
      expect([method, (await fetch(`${url}/`, { method })).status]).toEqual([method, 405])
    expect(await statusUnder(port, 'evil.example')).toBe(421)
    expect(await statusUnder(port, `evil.example:${port}`)).toBe(421)
    expect(await statusUnder(port, 'localhost:9000')).toBe(200)
  })

  it('is the same from a copy of the journal, and changes nothing in it', async () => {
    const { night, at } = await nightAt('copied')
    night.close()
    itIs(at)
    const copy = `${line.home}/copy`
    mkdirSync(copy)
    cpSync(journalFile(night.stateDirectory), journalFile(copy))
    const before = readFileSync(journalFile(copy))
    const [own, other] = [await serve(night.stateDirectory), await serve(copy)]
    const [one, two] = await Promise.all(
      [own, other].map(async ({ url }) => (await fetch(`${url}/status.json`)).text()),
    )
    expect(two?.replaceAll(copy, night.stateDirectory)).toBe(one)
    expect(readFileSync(journalFile(copy)).equals(before)).toBe(true)
  })

  it.each(['whole-night', 'half-night', 'rollback-in-the-middle'])('shows the fixture %s', async name => {
    const state = `${line.home}/fixture-${name}`
    cpSync(join(import.meta.dirname, '../fixtures/journal-2', name), state, { recursive: true })
    itIs('2026-12-12T21:30:00Z')
    const { url } = await serve(state)
    const { page, complaints } = await watch(url, { locale: 'fr-FR', width: 390 })
    expect(await page.locator('#log li').count()).toBeGreaterThan(10)
    expect(await page.locator('.clock').count()).toBeGreaterThan(2)
    expect(await page.evaluate('document.documentElement.scrollWidth - innerWidth')).toBeLessThanOrEqual(0)
    expect(complaints).toEqual([])
  })
})

/** By axe, with what each is about. */
async function violationsOn(page: Page): Promise<string[]> {
  await page.evaluate(axe.source)
  return (await page.evaluate(
    `axe.run().then(({ violations }) => violations.map(({ id, nodes }) => id + ': ' + nodes.map(({ html }) => html.slice(0, 120)).slice(0, 3).join(' ')))`,
  )) as string[]
}

/** `fetch` sends no other name than that of the address. */
async function statusUnder(port: number, host: string): Promise<number | undefined> {
  const asked = request({ host: '127.0.0.1', port, path: '/', headers: { host } }).end()
  const [answer] = (await once(asked, 'response')) as [IncomingMessage]
  answer.resume()
  return answer.statusCode
}
