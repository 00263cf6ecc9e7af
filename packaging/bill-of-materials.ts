// Argument: the folder of a package with its dependencies. Writes the CycloneDX bill of materials of what is handed out: the same for
// the same parts.
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

const folder = process.argv[2] ?? ''
const brought = join(import.meta.dirname, '../node_modules/node')
const npm = ['sbom', '--sbom-format=cyclonedx', '--sbom-type=application', '--omit=dev']
const bill = JSON.parse(execFileSync('npm', npm, { cwd: folder, encoding: 'utf8', maxBuffer: 2 ** 26 }))
const { version, license } = JSON.parse(readFileSync(join(brought, 'package.json'), 'utf8'))
const node = {
  'bom-ref': `node@${version}`,
  type: 'platform',
  name: 'node',
  version,
  description: 'the Node.js that the .deb and the .tar.gz bring; the .tgz does not',
  purl: `pkg:npm/node@${version}`,
  licenses: [{ license: { id: license } }],
  hashes: [{ alg: 'SHA-256', content: sha256(readFileSync(join(brought, 'bin/node'))) }],
}
bill.metadata.component.name = 'bascule'
bill.components.push(node)
// npm gives both by chance and by the clock
bill.metadata.timestamp = new Date(Number(process.env.SOURCE_DATE_EPOCH ?? 0) * 1000).toISOString()
bill.serialNumber = `urn:uuid:${uuidOf(JSON.stringify(bill.components))}`
process.stdout.write(`${JSON.stringify(bill, null, 2)}\n`)

function sha256(content: string | Buffer): string {
  return createHash('sha256').update(content).digest('hex')
}

/** Of the form of a random one (RFC 9562, version 8), made from the content. */
function uuidOf(content: string): string {
  const hash = sha256(content)
  return [
    hash.slice(0, 8),
    hash.slice(8, 12),
    `8${hash.slice(13, 16)}`,
    `8${hash.slice(17, 20)}`,
    hash.slice(20, 32),
  ].join('-')
}
