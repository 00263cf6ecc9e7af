import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { createAdaptorServer } from '@hono/node-server'
import { exitCodes, Failure } from '../model/failure.ts'
import type { Text } from '../model/text.ts'
import { type Address, written } from './address.ts'
import { appOf } from './app.ts'
import { Feed } from './feed.ts'
import type { Language, Source } from './source.ts'

export type ControlRoom = { address: Address; close(): Promise<void> }

/** Listens until it is closed. Throws Failure where the address cannot be had. */
export async function serveControlRoom(
  source: Source,
  wanted: Address,
  voice: { say: (text: Text, language: Language) => string; onTrouble: (error: unknown) => void },
): Promise<ControlRoom> {
  const feed = new Feed(source, voice.onTrouble)
  const server = createAdaptorServer({ fetch: appOf(feed, wanted, voice.say).fetch })
  server.listen(wanted.port, wanted.host)
  try {
    await once(server, 'listening')
  } catch (cause) {
    const why = (cause as Error).message
    throw new Failure(
      { key: 'server.cannotListen', values: { address: written(wanted), why } },
      { remedy: { key: 'server.cannotListen.remedy' }, exitCode: exitCodes.failure, cause },
    )
  }
  feed.start()
  const { port } = server.address() as AddressInfo
  return {
    address: { host: wanted.host, port },
    close: async () => {
      feed.close()
      server.close()
      if ('closeAllConnections' in server) server.closeAllConnections()
      await once(server, 'close')
    },
  }
}
