import { type Browser, chromium } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { nightDocument } from '../../src/views/night-document.ts'
import { toHtml } from '../../src/views/report-html.ts'
import { aPlannedNight } from '../helpers/planned-night.ts'
import { strictFormatter } from '../helpers/strict-formatter.ts'

const long = `Réplication PostgreSQL, ${'très longue '.repeat(8)}${'x'.repeat(90)}`
const { night } = aPlannedNight({ lengthMinutes: 25, title: long, who: `Claire ${'y'.repeat(60)}` })
const finding = {
  level: 'block' as const,
  place: `${'d/'.repeat(60)}plan.yaml:12:5`,
  text: long,
  remedy: long,
}
const html = toHtml(nightDocument(night, [finding], strictFormatter('fr')))

type Seen = {
  wide: number
  verdictBottom: number
  small: number
  bars: boolean[]
  ticksApart: boolean
  unlabelled: number
  landmarks: number[]
  headings: string[]
  pale: string[]
}

/** In the page: what a person sees of it. `pale`: words whose contrast with what is under them is below 4.5:1. */
const look = `(() => {
  const all = selector => [...document.querySelectorAll(selector)]
  const box = element => element.getBoundingClientRect()
  const channels = colour => colour.match(/[\\d.]+/g).map(Number)
  const light = ([r, g, b]) => [r, g, b].map(c => c / 255).map(c => c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)
    .reduce((sum, c, index) => sum + c * [0.2126, 0.7152, 0.0722][index], 0)
  const under = element => {
    for (let at = element; at !== null; at = at.parentElement) {
      const colour = channels(getComputedStyle(at).backgroundColor)
      if (colour.length === 3 || colour[3] > 0) return colour
    }
    return [255, 255, 255]
  }
  const contrast = element => {
    const [one, other] = [light(channels(getComputedStyle(element).color)), light(under(element))]
    return (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05)
  }
  const words = all('body *').filter(one => !one.closest('svg') && [...one.childNodes].some(node => node.nodeType === 3 && node.data.trim() !== ''))
  const ticks = all('#chart .night-ticks span').filter(one => getComputedStyle(one).visibility === 'visible')
    .map(box).sort((one, other) => one.left - other.left)
  return {
    wide: document.documentElement.scrollWidth - window.innerWidth,
    verdictBottom: box(document.querySelector('.verdict')).bottom,
    small: Math.min(...all('.night-row span, .night-row small, td').map(one => parseFloat(getComputedStyle(one).fontSize))),
    bars: all('.night-bars > svg').map(box).map(({ width, height }) => width > 200 && height >= 30),
    ticksApart: ticks.every((tick, index) => index === 0 || ticks[index - 1].right <= tick.left),
    unlabelled: all('svg:not([aria-hidden] svg):not([aria-hidden]), [role=img]:not([aria-label])').length
      + all('table').filter(table => table.querySelectorAll('th[scope=col]').length !== table.rows[0].cells.length).length
      + all('section').filter(section => document.getElementById(section.getAttribute('aria-labelledby')) === null).length,
    landmarks: ['header', 'main', 'nav', 'footer', 'h1'].map(name => all(name).length),
    headings: all('h1, h2, h3').map(({ tagName }) => tagName),
    pale: words.filter(one => contrast(one) < 4.5).map(one => one.className + ': ' + one.textContent.slice(0, 40)),
  }
})()`

describe('the page of the planned night, in a browser', () => {
  let browser: Browser
  beforeAll(async () => {
    browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] })
  })
  afterAll(async () => {
    await browser?.close()
  })

  it.each([
    [1280, 'screen', 'light', 11],
    [1280, 'screen', 'dark', 11],
    [390, 'screen', 'light', 11],
    [390, 'screen', 'dark', 11],
    // 7 points, as small print on paper
    [1017, 'print', 'light', 9],
  ] as const)(
    '%i wide on %s, %s, is read without scrolling sideways, its verdict without scrolling at all',
    async (width, media, colorScheme, smallest) => {
      const page = await browser.newPage({ viewport: { width, height: 844 }, colorScheme })
      const complaints: string[] = []
      page.on('console', message => complaints.push(message.text()))
      page.on('pageerror', error => complaints.push(error.message))
      page.on('request', request => complaints.push(request.url()))
      await page.emulateMedia({ media })
      await page.setContent(html)
      const seen = (await page.evaluate(look)) as Seen
      await page.close()
      expect(complaints).toEqual([])
      expect(seen.wide).toBeLessThanOrEqual(0)
      expect(seen.verdictBottom).toBeLessThan(844)
      expect(seen.small).toBeGreaterThan(smallest)
      // two of the window, four steps, two gates of three parts
      expect(seen.bars).toEqual(Array(12).fill(true))
      expect(seen.ticksApart).toBe(true)
      expect(seen.unlabelled).toBe(0)
      expect(seen.landmarks).toEqual([1, 1, 1, 1, 1])
      expect(seen.headings).toEqual(['H1', ...Array(6).fill('H2')])
      expect(seen.pale).toEqual([])
    },
  )
})
