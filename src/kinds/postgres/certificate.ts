import { X509Certificate } from 'node:crypto'
import { isAbsolute, join } from 'node:path'
import { Failure } from '../../model/failure.ts'
import type { ChangeIo, ReadIo } from '../../model/io.ts'
import { dataDirectoryOf } from './cluster.ts'
import { configuredValue, readText } from './commands.ts'
import { type ClusterSide, primaryCertificatePath } from './sides.ts'

export type Certificate = {
  pem: string
  fingerprint: string
  isSelfSigned: boolean
  /** Where it lies on the server's host. */
  file: string
}

/**
 * Of the server, as it lies on its host: read over ssh, so that nobody between here and PostgreSQL can show another one.
 * Undefined when there is none, or none that can be read.
 */
export async function certificateOf(side: ClusterSide, io: ReadIo): Promise<Certificate | undefined> {
  const options = { asUser: 'postgres', allowFailure: true }
  const configured = await io.read(side.host, configuredValue(side, 'ssl_cert_file'), options)
  // PostgreSQL's own default, where no file says anything.
  const name = (configured.exitCode === 0 && configured.stdout.trim()) || 'server.crt'
  const file = isAbsolute(name) ? name : join(await dataDirectoryOf(side, io), name)
  const { exitCode, stdout } = await io.read(side.host, readText(file), options)
  const certificate = exitCode === 0 ? parsed(stdout) : undefined
  return certificate && { ...certificate, file }
}

/** The first of the file: the server's own, which those of its authorities may follow. */
function parsed(pem: string): Omit<Certificate, 'file'> | undefined {
  try {
    const certificate = new X509Certificate(pem)
    const { subject, issuer, publicKey, fingerprint256 } = certificate
    const isSelfSigned = subject === issuer && certificate.verify(publicKey)
    return { pem: certificate.toString(), fingerprint: fingerprint256, isSelfSigned }
  } catch {
    return undefined
  }
}

export const isSame = (one: string, other: string): boolean => one.toUpperCase() === other.toUpperCase()

/** The other side's certificate, as this host's programs need it to trust that server and no other. */
export async function keepCertificate(side: ClusterSide, primary: ClusterSide, io: ChangeIo): Promise<void> {
  const { fingerprint: expected } = primary
  if (expected === undefined) return
  const certificate = await certificateOf(primary, io)
  if (certificate === undefined || !isSame(certificate.fingerprint, expected)) {
    const values = {
      host: primary.host,
      expected,
      found: certificate?.fingerprint ?? '–',
      side: primary.side,
    }
    throw new Failure(
      { key: 'postgres.otherCertificate', values },
      { remedy: { key: 'postgres.otherCertificate.remedy', values } },
    )
  }
  await io.writeFile(side.host, primaryCertificatePath(side), certificate.pem, {
    mode: '0644',
    owner: 'postgres:postgres',
  })
}

export async function hasCertificate(side: ClusterSide, primary: ClusterSide, io: ReadIo): Promise<boolean> {
  const { fingerprint: expected } = primary
  if (expected === undefined) return true
  const { exitCode, stdout } = await io.read(side.host, readText(primaryCertificatePath(side)), {
    asUser: 'postgres',
    allowFailure: true,
  })
  return exitCode === 0 && isSame(parsed(stdout)?.fingerprint ?? '', expected)
}
