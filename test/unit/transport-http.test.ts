import { once } from 'node:events'
import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, test } from 'vitest'
import type { Failure } from '../../src/model/failure.ts'
import { http } from '../../src/transport/http.ts'

const never = new AbortController().signal
let server: Server | undefined
async function serve(listener: RequestListener): Promise<number> {
  server = createServer(listener).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return (server.address() as AddressInfo).port
}
const failureOf = (call: Promise<unknown>): Promise<Failure> =>
  call.then(
    () => expect.unreachable(),
    thrown => thrown,
  )

afterEach(() => {
  server?.closeAllConnections()
  server?.close()
})

test('asks an address of our choice under the name of the URL', async () => {
  const port = await serve((request, response) => {
    response.setHeader('set-cookie', ['a=1', 'b=2'])
    response.end(JSON.stringify({ host: request.headers.host, url: request.url, method: request.method }))
  })
  const connectTo = { address: '127.0.0.1', port }
  const answer = await http({ method: 'GET', url: 'http://auth.techcorp.test/health?x=1', connectTo }, never)
  expect(JSON.parse(new TextDecoder().decode(answer.body))).toEqual({
    host: 'auth.techcorp.test',
    url: '/health?x=1',
    method: 'GET',
  })
  expect(answer.status).toBe(200)
  expect(answer.headers['set-cookie']).toBe('a=1\nb=2')
  expect(answer.milliseconds).toBeGreaterThan(0)
})

test('sends a body, and gives errors and redirects back as answers', async () => {
  const port = await serve(async (request, response) => {
    const [body] = await request.toArray()
    response.writeHead(302, { location: 'http://elsewhere.test/' }).end(`got ${body}`)
  })
  const url = `http://127.0.0.1:${port}/login`
  const answer = await http({ method: 'POST', url, body: 'user=a', headers: { 'content-type': 'x' } }, never)
  expect([answer.status, new TextDecoder().decode(answer.body)]).toEqual([302, 'got user=a'])
})

describe('is told as a failure', () => {
  test('when nobody listens, with the command to type, and without the query', async () => {
    const failure = await failureOf(
      http({ method: 'GET', url: 'http://127.0.0.1:1/path?token=hunter2' }, never),
    )
    expect(failure.text.key).toBe('transport.http.failed')
    expect(failure.text.values?.detail).toBe('ECONNREFUSED')
    expect(failure.remedy?.values?.command).toBe('curl -v http://127.0.0.1:1/path')
    expect(JSON.stringify([failure.text, failure.remedy])).not.toContain('hunter2')
  })

  test('when the answer does not come, or does not end', async () => {
    const port = await serve((request, response) => {
      if (request.url === '/half') response.write('half')
    })
    for (const path of ['/none', '/half']) {
      const url = `http://127.0.0.1:${port}${path}`
      const failure = await failureOf(http({ method: 'GET', url, timeoutSeconds: 0.2 }, never))
      expect(failure.text.key).toBe('transport.http.timeout')
    }
  })

  test('when the connection is cut in the middle of the body', async () => {
    const port = await serve((_request, response) => {
      response.writeHead(200, { 'content-length': '100' })
      response.write('half', () => response.destroy())
    })
    const failure = await failureOf(http({ method: 'GET', url: `http://127.0.0.1:${port}/` }, never))
    expect(failure.text.key).toBe('transport.http.failed')
  })

  test('when it is aborted', async () => {
    const stop = new AbortController()
    const port = await serve(() => stop.abort(new Error('deadline')))
    const failure = await failureOf(http({ method: 'GET', url: `http://127.0.0.1:${port}/` }, stop.signal))
    expect([failure.text.key, (failure.cause as Error).message]).toEqual(['transport.aborted', 'deadline'])
  })
})

test('what ends the work of an aborted attempt is sent all the same, within its own time', async () => {
  const port = await serve((request, response) => {
    if (request.url === '/task') response.writeHead(200, 'Gone now').end()
  })
  const aborted = AbortSignal.abort(new Error('deadline'))
  const end = (path: string) =>
    http(
      { method: 'DELETE', url: `http://127.0.0.1:${port}${path}`, evenAborted: true, timeoutSeconds: 0.5 },
      aborted,
    )
  expect(await end('/task')).toMatchObject({ status: 200, reason: 'Gone now' })
  expect((await failureOf(end('/silent'))).text.key).toBe('transport.http.timeout')
})
