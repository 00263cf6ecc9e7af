import { openHypervisor } from './api/hypervisor.ts'
import { openMachines } from './machines/index.ts'

/**
 * One node of Proxmox VE, as far as moving machines needs it. Told by its environment: PVE_NODE its name,
 * PVE_ADDRESS and PVE_PORT where it listens, PVE_ROOT what its files lie below (default `/`).
 */
async function main(): Promise<void> {
  const {
    PVE_NODE: node,
    PVE_ADDRESS: address = '0.0.0.0',
    PVE_PORT: port = '8006',
    PVE_ROOT: root = '/',
  } = process.env
  if (!node) throw new Error('PVE_NODE is not set')
  const machines = openMachines({ root, node })
  const { server } = openHypervisor(machines)
  const events = await machines.serveEvents()
  server.on('error', error => {
    console.error(`cannot listen: ${error.message}`)
    process.exit(1)
  })
  server.listen(Number(port), address, () => console.log(`pveproxy of ${node} on ${address}:${port}`))
  const stop = () => {
    server.closeAllConnections()
    server.close(() => events.close().finally(() => process.exit(0)))
  }
  process.once('SIGTERM', stop)
  process.once('SIGINT', stop)
}

await main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : String(error))
  process.exit(1)
})
