import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Hono } from 'hono'
import { type SSEStreamingApi, streamSSE } from 'hono/streaming'
import { now } from '../model/instant.ts'
import type { Text } from '../model/text.ts'
import { type Address, isOwnName } from './address.ts'
import type { Feed } from './feed.ts'
import { type Frame, logSince, type PartName, partNames } from './frame.ts'
import { pageOf } from './page.ts'
import { type Language, languages } from './source.ts'

/** A page that hears nothing for three of these says since when. */
const beatSeconds = 4
/** Each holds a connection; what is left of the machine is the run's. */
const mostWatching = 500

const asset = (name: string): string => readFileSync(join(import.meta.dirname, 'assets', name), 'utf8')
const files: Record<string, { type: string; text: string }> = {
  '/control-room.js': { type: 'text/javascript', text: asset('control-room.js') },
  '/control-room.css': { type: 'text/css', text: asset('control-room.css') },
  '/icon.svg': { type: 'image/svg+xml', text: asset('icon.svg') },
  '/idiomorph.js': {
    type: 'text/javascript',
    text: readFileSync(fileURLToPath(import.meta.resolve('idiomorph')), 'utf8'),
  },
}

/** Nothing comes from elsewhere, nothing stands in the page that could be executed, nobody frames it. */
const headers = {
  'Content-Security-Policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Cache-Control': 'no-store',
}

/** What the control room answers. It reads; there is nothing in it that changes anything. */
export function appOf(feed: Feed, listening: Address, say: (text: Text, language: Language) => string): Hono {
  const app = new Hono()
  let watching = 0
  app.use(async (context, next) => {
    for (const [name, value] of Object.entries(headers)) context.header(name, value)
    if (!isOwnName(context.req.header('Host'), listening))
      return context.text('421 Misdirected Request\n', 421)
    if (context.req.method !== 'GET') return context.text('405 Method Not Allowed\n', 405, { Allow: 'GET' })
    return await next()
  })
  app.get('/', context => {
    const language = languageOf(context.req.query('lang'), context.req.header('Accept-Language'))
    const frame = feed.fresh(language)
    return context.html(String(pageOf(frame, logSince(frame, '') ?? [], language)))
  })
  app.get('/status.json', context => {
    const language = languageOf(context.req.query('lang'), context.req.header('Accept-Language'))
    return context.body(`${feed.fresh(language).json}\n`, 200, { 'Content-Type': 'application/json' })
  })
  app.get('/events', context => {
    if (watching >= mostWatching) return context.text('503 Service Unavailable\n', 503)
    const language = languageOf(context.req.query('lang'), context.req.header('Accept-Language'))
    const last = context.req.header('Last-Event-ID') ?? context.req.query('after') ?? ''
    const response = streamSSE(
      context,
      async stream => {
        watching++
        try {
          await tellAll(stream, feed, language, last, say)
        } finally {
          watching--
        }
      },
      // the reader has gone
      async () => {},
    )
    // a proxy in between must not hold back what is told
    response.headers.set('X-Accel-Buffering', 'no')
    return response
  })
  for (const [path, { type, text }] of Object.entries(files))
    app.get(path, context => context.body(text, 200, { 'Content-Type': `${type}; charset=utf-8` }))
  app.onError((error, context) => {
    const language = languageOf(context.req.query('lang'), context.req.header('Accept-Language'))
    return context.text(`${troubleText(error, language, say)}\n`, 503)
  })
  return app
}

/** What is chosen on the page, else what the browser prefers, else English. */
export function languageOf(chosen: string | undefined, accepted: string | undefined): Language {
  const spoken = (tag: string | undefined) =>
    languages.find(one => one === tag?.trim().toLowerCase().split('-')[0])
  const preferred = (accepted ?? '')
    .split(',')
    .map(part => part.split(';'))
    .map(([tag, weight]) => ({
      language: spoken(tag),
      weight: Number(/q=([\d.]+)/.exec(weight ?? '')?.[1] ?? 1),
    }))
    .filter(({ language, weight }) => language !== undefined && weight > 0)
    .sort((one, other) => other.weight - one.weight)
  return spoken(chosen) ?? preferred[0]?.language ?? 'en'
}

/** To one who watches: first all, then what has changed. Who reads slowly misses what was in between, never what is now. */
async function tellAll(
  stream: SSEStreamingApi,
  feed: Feed,
  language: Language,
  since: string,
  say: (text: Text, language: Language) => string,
): Promise<void> {
  const told: { last: string; run?: string; gist?: string; parts: Partial<Record<PartName, string>> } = {
    last: since,
    parts: {},
  }
  let beaten = Number.NEGATIVE_INFINITY
  const beat = async (): Promise<void> => {
    if (performance.now() - beaten < beatSeconds * 1000) return
    beaten = performance.now()
    await stream.writeSSE({ event: 'beat', data: now() })
  }
  while (feed.isOpen && !stream.aborted && !stream.closed) {
    const frame = frameOrTrouble(feed, language)
    if ('trouble' in frame)
      await stream.writeSSE({ event: 'trouble', data: troubleText(frame.trouble, language, say) })
    else {
      const log = told.run === undefined || told.run === frame.run ? logSince(frame, told.last) : undefined
      // another run or another journal: the page begins anew
      if (log === undefined) return await stream.writeSSE({ event: 'anew', data: '' })
      await tellChanges(stream, frame, log, told)
      await beat()
    }
    await feed.changed()
  }
}

/** What it reads besides the journal may be gone in between; the next look finds out. */
function frameOrTrouble(feed: Feed, language: Language): Frame | { trouble: unknown } {
  if (feed.trouble !== undefined) return { trouble: feed.trouble }
  try {
    return feed.frame(language)
  } catch (trouble) {
    return { trouble }
  }
}

async function tellChanges(
  stream: SSEStreamingApi,
  frame: Frame,
  log: readonly { id: string; html: string }[],
  told: { last: string; run?: string; gist?: string; parts: Partial<Record<PartName, string>> },
): Promise<void> {
  if (told.gist !== frame.gist) await stream.writeSSE({ event: 'status', data: frame.json })
  for (const name of partNames) {
    if (told.parts[name] === frame.parts[name]) continue
    await stream.writeSSE({ event: 'part', data: JSON.stringify({ name, html: frame.parts[name] }) })
    told.parts[name] = frame.parts[name]
  }
  for (const { id, html } of log) await stream.writeSSE({ event: 'entry', data: html, id })
  if (told.last !== frame.last) await stream.writeSSE({ event: 'seen', data: '', id: frame.last })
  Object.assign(told, { last: frame.last, run: frame.run, gist: frame.gist })
}

function troubleText(
  error: unknown,
  language: Language,
  say: (text: Text, language: Language) => string,
): string {
  const isForPeople = error instanceof Error && 'text' in error
  const why = isForPeople ? say(error.text as Text, language) : String(error)
  return say({ key: 'server.trouble', values: { why } }, language)
}
