import { X509Certificate } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { execa } from 'execa'

const certificateFile = 'etc/pve/local/pve-ssl.pem'
const keyFile = 'etc/pve/local/pve-ssl.key'

/** A hypervisor's own certificate, signed by nobody else, as in the field. Made once; below the host's tree. */
export async function writeCertificate(tree: string, node: string, address: string): Promise<void> {
  const [cert, key] = [join(tree, certificateFile), join(tree, keyFile)]
  if (existsSync(cert)) return
  mkdirSync(dirname(cert), { recursive: true })
  const names = `subjectAltName=DNS:${node},IP:${address},IP:127.0.0.1`
  await execa('openssl', [
    ...[
      'req',
      '-x509',
      '-newkey',
      'ec',
      '-pkeyopt',
      'ec_paramgen_curve:prime256v1',
      '-nodes',
      '-days',
      '730',
    ],
    ...['-subj', `/CN=${node}`, '-addext', names, '-keyout', key, '-out', cert],
  ])
}

export const readCertificate = (tree: string): { cert: string; key: string } => ({
  cert: readFileSync(join(tree, certificateFile), 'utf8'),
  key: readFileSync(join(tree, keyFile), 'utf8'),
})

/** SHA-256, as PVE shows it and a plan's `fingerprint` has it: `AA:BB:…`. */
export const fingerprintOf = (tree: string): string =>
  new X509Certificate(readCertificate(tree).cert).fingerprint256
