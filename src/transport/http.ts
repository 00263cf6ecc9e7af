import * as plain from 'node:http'
import * as tls from 'node:https'
import { Failure } from '../model/failure.ts'
import type { HttpRequest, HttpResponse } from '../model/io.ts'
import type { Text } from '../model/text.ts'
import { aborted } from './command-failures.ts'
import { pinnedConnection } from './http-pinned.ts'
import { quoteArgument, quoteArgv } from './quote.ts'

const bodyLimitBytes = 256 * 1024 * 1024
const defaultTimeoutSeconds = 30

/**
 * One request on a connection of its own; redirects are answers, not followed. `milliseconds` runs from the call to
 * the body's last byte. Several `set-cookie` headers are joined with `\n`, others as Node does. Throws Failure.
 */
export async function http(request: HttpRequest, workSignal: AbortSignal): Promise<HttpResponse> {
  const signal = request.evenAborted ? new AbortController().signal : workSignal
  const url = new URL(request.url)
  const timeoutSeconds = request.timeoutSeconds ?? defaultTimeoutSeconds
  const timeout = AbortSignal.timeout(timeoutSeconds * 1000)
  try {
    return await send(request, url, AbortSignal.any([signal, timeout]))
  } catch (cause) {
    if (signal.aborted) throw aborted(url.host, signal.reason)
    if (cause instanceof Failure) throw cause
    const values = {
      method: request.method,
      url: shown(url),
      at: place(request, url),
      seconds: timeoutSeconds,
    }
    const remedy: Text = { key: 'transport.remedy.type', values: { command: curl(request, url) } }
    if (timeout.aborted)
      throw new Failure({ key: 'transport.http.timeout', values }, { remedy, code: 'no-answer', cause })
    const { code, message } = cause as NodeJS.ErrnoException
    const detail = code ?? message
    throw new Failure(
      { key: 'transport.http.failed', values: { ...values, detail } },
      { remedy, code: 'no-answer', cause },
    )
  }
}

async function send(request: HttpRequest, url: URL, signal: AbortSignal): Promise<HttpResponse> {
  const started = performance.now()
  const to = request.connectTo
  const { promise, resolve, reject } = Promise.withResolvers<plain.IncomingMessage>()
  const client = url.protocol === 'https:' ? tls : plain
  const hostname = url.hostname.replace(/^\[|\]$/g, '')
  const host = to?.address ?? hostname
  const port = to?.port ?? (url.port || undefined)
  const pinned =
    request.pinnedCertificateSha256 === undefined
      ? undefined
      : await pinnedConnection(
          {
            url,
            host,
            port: Number(port ?? 443),
            servername: hostname,
            sha256: request.pinnedCertificateSha256,
          },
          signal,
        )
  const outgoing = client.request({
    method: request.method,
    host,
    port,
    path: url.pathname + url.search,
    headers: { host: url.host, ...request.headers },
    servername: hostname,
    ...(pinned ? { createConnection: () => pinned } : { agent: false }),
    signal,
  })
  outgoing.on('response', resolve).on('error', reject)
  outgoing.end(request.binaryBody ?? request.body)
  const response = await promise
  const body = await readBody(response, url)
  const milliseconds = performance.now() - started
  const { statusCode: status = 0, statusMessage: reason = '' } = response
  return { status, reason, headers: flatten(response.headers), body, milliseconds }
}

async function readBody(response: plain.IncomingMessage, url: URL): Promise<Uint8Array> {
  const chunks: Buffer[] = []
  let sizeBytes = 0
  for await (const chunk of response) {
    chunks.push(chunk)
    sizeBytes += chunk.length
    if (sizeBytes > bodyLimitBytes)
      throw new Failure({
        key: 'transport.http.tooLarge',
        values: { url: shown(url), limitMegabytes: bodyLimitBytes / 1024 / 1024 },
      })
  }
  return Buffer.concat(chunks)
}

function flatten(headers: plain.IncomingHttpHeaders): Record<string, string> {
  const flat = Object.entries(headers).map(([name, value]) => [
    name,
    Array.isArray(value) ? value.join('\n') : value,
  ])
  return Object.fromEntries(flat)
}

/** Without its query and credentials, which may hold a token. */
const shown = (url: URL): string => `${url.protocol}//${url.host}${url.pathname}`
const place = ({ connectTo: to }: HttpRequest, url: URL): string =>
  to ? `${to.address}:${to.port}` : url.host

function curl(request: HttpRequest, url: URL): string {
  const to = request.connectTo
  const through = to ? [`--connect-to`, `::${to.address}:${to.port}`] : []
  return `${quoteArgv(['curl', '-v', ...through])} ${quoteArgument(shown(url))}`
}
