// node lab/guest/main.ts auth|courses OUTPUT ADDRESS/LENGTH GATEWAY [NAME=ADDRESS]...   builds one guest's disk, to be looked at by hand
import { buildGuest } from './build.ts'
import { guestEnvironment } from './environment.ts'
import { guestPrograms } from './programs.ts'

const [name, output, address, gateway, ...others] = process.argv.slice(2)
const program = guestPrograms.find(known => known === name)
if (!program || !output || !address || !gateway) {
  console.error(
    `usage: node lab/guest/main.ts ${guestPrograms.join('|')} OUTPUT ADDRESS/LENGTH GATEWAY [NAME=ADDRESS]...`,
  )
  process.exit(2)
}
const environment = guestEnvironment({
  databasePassword: process.env.PGPASSWORD ?? '',
  siteNetworks: { here: address },
})
const neighbours = Object.fromEntries(others.map(pair => pair.split('=') as [string, string]))
const started = performance.now()
console.log(await buildGuest({ program, output, address, gateway, others: neighbours, environment }))
console.log(`${((performance.now() - started) / 1000).toFixed(1)} s`)
