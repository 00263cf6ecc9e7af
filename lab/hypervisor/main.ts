import { readFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { parseArgs } from 'node:util'
import { openHypervisor } from './api/hypervisor.ts'
import { openMachines } from './machines/index.ts'

/** One node of Proxmox VE, as far as moving machines needs it. `--root`: what its files lie below. */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      node: { type: 'string' },
      address: { type: 'string', default: '0.0.0.0' },
      port: { type: 'string', default: '8006' },
      certificate: { type: 'string' },
      key: { type: 'string' },
      root: { type: 'string', default: '/' },
    },
  })
  const { node, address, port, certificate, key, root } = values
  if (!node || !certificate || !key) throw new Error('--node, --certificate and --key are needed')
  const machines = openMachines({ root, node })
  const { server } = openHypervisor(machines, {
    certificate: { cert: readFileSync(certificate, 'utf8'), key: readFileSync(key, 'utf8') },
  })
  const events = await machines.serveEvents()
  server.on('error', error => fail(`cannot listen: ${error.message}`))
  server.listen(Number(port), address, () => {
    const listening = server.address() as AddressInfo
    console.log(`API of ${node} on ${listening.address}:${listening.port}`)
  })
  const stop = () => {
    server.close(() => events.close().finally(() => process.exit(0)))
    server.closeAllConnections()
  }
  process.once('SIGTERM', stop)
  process.once('SIGINT', stop)
}

function fail(message: string): never {
  console.error(message)
  process.exit(1)
}

await main().catch((error: unknown) => fail(error instanceof Error ? error.message : String(error)))
