import { createRedactor } from '../../src/transport/redact.ts'
import { openTransport } from '../../src/transport/transport.ts'

/** An orchestrator that is at work, here and at a host, until it is killed. Arguments: ssh config, key, seconds. */
const [configFile = '', key = '', seconds = ''] = process.argv.slice(2)
const transport = await openTransport({
  hosts: { alpha: { ssh: 'alpha', address: '127.0.0.1', become: 'runuser' } },
  ssh: { configFile, connectTimeoutSeconds: 3 },
  redactor: createRedactor(),
})
const io = transport.ioFor({ key, signal: new AbortController().signal })
await Promise.all([io.change('alpha', ['sleep', seconds]), io.changeLocal(['sleep', seconds])])
