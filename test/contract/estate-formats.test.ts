import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type Browser, chromium, type Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { contentOf } from '../../lab/estate/seed/content.ts'
import { type FileKind, treeOf } from '../../lab/estate/seed/tree.ts'

const types: Record<FileKind, string> = {
  pdf: 'application/pdf',
  png: 'image/png',
  jpeg: 'image/jpeg',
  video: 'video/mp4',
  subtitles: 'text/vtt',
}

describe('files of the estate in a real browser', () => {
  const entries = [...treeOf('tiny')]
  const some = (kind: FileKind) => entries.filter(entry => entry.kind === kind).slice(0, 4)
  let server: Server
  let browser: Browser
  let page: Page

  beforeAll(async () => {
    server = createServer((request, response) => {
      const entry = entries[Number(request.url?.slice(1))]
      if (!entry) return response.writeHead(200, { 'Content-Type': 'text/html' }).end('<!doctype html>')
      response.writeHead(200, { 'Content-Type': types[entry.kind] }).end(contentOf(entry.path, 'tiny'))
    }).listen(0, '127.0.0.1')
    await once(server, 'listening')
    browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] })
    page = await browser.newPage()
    await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`)
  })
  afterAll(async () => {
    await browser?.close()
    server?.closeAllConnections()
    server?.close()
  })

  const urls = (kind: FileKind) => some(kind).map(entry => `/${entries.indexOf(entry)}`)

  it.each(['png', 'jpeg'] as const)('%s pictures decode', async kind => {
    for (const url of urls(kind)) {
      const shown = await page.evaluate(`(async () => {
        const image = new Image()
        image.src = '${url}'
        await image.decode()
        return image.naturalWidth * image.naturalHeight
      })()`)
      expect(shown).toBeGreaterThan(1000)
    }
  })

  it('films show every picture to the last, with their subtitles', async () => {
    const [track] = urls('subtitles')
    for (const url of urls('video')) {
      const seen = await page.evaluate(`(async () => {
        const film = document.createElement('video')
        film.muted = true
        // Whole in memory: the server has no ranges, and without them a browser does not seek.
        film.src = URL.createObjectURL(await (await fetch('${url}')).blob())
        const track = document.createElement('track')
        track.src = '${track}'
        const cues = new Promise((resolve, reject) => {
          track.onload = () => resolve(track.track.cues.length)
          track.onerror = () => reject(new Error('subtitles'))
        })
        film.append(track)
        track.track.mode = 'showing'
        document.body.append(film)
        if (film.readyState < 2) await new Promise(resolve => { film.onloadeddata = resolve })
        for (let at = 0; at <= film.duration; at += 0.5) {
          const shown = new Promise((resolve, reject) => {
            film.onseeked = resolve
            film.onerror = () => reject(new Error(film.error.message))
          })
          film.currentTime = at
          await shown
        }
        return { width: film.videoWidth, height: film.videoHeight, at: film.currentTime / film.duration, cues: await cues }
      })()`)
      expect(seen).toEqual({ width: 96, height: 96, at: 1, cues: expect.any(Number) })
      expect((seen as { cues: number }).cues).toBeGreaterThan(1)
    }
  })
})
