import { createServer, type Server, type Socket } from 'node:net'
import { afterEach, expect, it, vi } from 'vitest'
import type { PostgresConnection } from '../../src/transport/postgres-connection.ts'
import { openSql } from '../../src/transport/sql.ts'

const message = (type: string, body: Buffer): Buffer => {
  const head = Buffer.alloc(5)
  head.write(type)
  head.writeInt32BE(body.length + 4, 1)
  return Buffer.concat([head, body])
}
const ready = message('Z', Buffer.from('I'))
/** Logged in without a password; then each statement ends at once, with no row. */
const loggedIn = Buffer.concat([message('R', Buffer.alloc(4)), message('K', Buffer.alloc(8)), ready])
const ended = Buffer.concat([message('C', Buffer.from('SELECT 0\0')), ready])

let server: Server
const sockets: Socket[] = []
afterEach(() => {
  for (const socket of sockets) socket.destroy()
  server.close()
})

/** Answers statements until it falls silent, and never ends a connection, as a host without power. */
async function listening(): Promise<number> {
  server = createServer({ allowHalfOpen: true }, socket => {
    sockets.push(socket)
    socket.on('error', () => undefined)
    socket.once('data', () => {
      socket.write(loggedIn)
      socket.on('data', data => {
        if (data.toString('latin1').startsWith('Q')) socket.write(ended)
      })
    })
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  return address.port
}

it('is closed although the host of a server is dead and never ends its session', async () => {
  const port = await listening()
  const sql = openSql(async () => '', 3)
  const connection: PostgresConnection = {
    driver: 'postgres',
    ...{ host: '127.0.0.1', port, database: 'estate', user: 'admin' },
    sslmode: 'disable',
  }
  expect(await sql.query(connection, 'select 1', undefined, new AbortController().signal)).toEqual([])
  await sql.close()
  // its own end is gone, which would keep the program alive
  const open = () => process.getActiveResourcesInfo().filter(name => name === 'TCPSocketWrap')
  await vi.waitFor(() => expect(open()).toHaveLength(sockets.length))
})
