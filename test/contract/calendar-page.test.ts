import { type Browser, chromium } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { calendarOf } from '../../src/views/calendar.ts'
import { calendarDocument } from '../../src/views/calendar-document.ts'
import { toHtml } from '../../src/views/report-html.ts'
import { changed, planOf } from '../helpers/plan-kinds.ts'
import { strictFormatter } from '../helpers/strict-formatter.ts'

const title = `Réplication PostgreSQL en continu, ${'très longue '.repeat(8)}${'x'.repeat(90)}`
const plan = planOf(changed('title: Audit, days: J-14 to J-8', `title: "${title}", days: J-21 to J+9`))
const html = toHtml(calendarDocument(calendarOf(plan, { runs: [] }, -7), strictFormatter('fr')))

describe('the page of the calendar, in a browser', () => {
  let browser: Browser
  beforeAll(async () => {
    browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] })
  })
  afterAll(async () => {
    await browser?.close()
  })

  it.each([
    [1280, 'screen'],
    [390, 'screen'],
    [1017, 'print'],
  ] as const)(
    '%i wide on %s is read without scrolling sideways, and no word lies on another',
    async (width, media) => {
      const page = await browser.newPage({ viewport: { width, height: 844 } })
      const complaints: string[] = []
      page.on('console', message => complaints.push(message.text()))
      page.on('request', request => complaints.push(request.url()))
      await page.emulateMedia({ media })
      await page.setContent(html)
      const seen = (await page.evaluate(`(() => {
      const all = selector => [...document.querySelectorAll(selector)]
      const box = element => element.getBoundingClientRect()
      const ticks = all('.calendar-ticks span').map(box).sort((one, other) => one.left - other.left)
      return {
        wide: document.documentElement.scrollWidth - window.innerWidth,
        small: Math.min(...all('.calendar-row span, .calendar-row small').map(one => parseFloat(getComputedStyle(one).fontSize))),
        bars: all('.calendar-row > svg').map(box).map(({ width, height }) => [width > 200, height > 12]),
        ticksApart: ticks.every((tick, index) => index === 0 || ticks[index - 1].right <= tick.left),
      }
    })()`)) as { wide: number; small: number; bars: boolean[][]; ticksApart: boolean }
      await page.close()
      expect(complaints).toEqual([])
      expect(seen.wide).toBeLessThanOrEqual(0)
      expect(seen.small).toBeGreaterThan(11)
      expect(seen.bars.length).toBe(plan.phases.length + plan.people.length)
      expect(seen.bars.flat()).not.toContain(false)
      expect(seen.ticksApart).toBe(true)
    },
  )
})
