import { createReadStream, existsSync } from 'node:fs'
import { PassThrough, type Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGunzip, createZstdDecompress } from 'node:zlib'
import type { Host } from '../host.ts'
import { Refusal } from '../refusal.ts'
import { existingPlace } from '../storage/volumes.ts'
import { Bytes } from '../vma/bytes.ts'
import type { VmaHeader } from '../vma/layout.ts'
import { type ReadTotals, readVma, type VmaReader } from '../vma/read.ts'
import { readHeader } from '../vma/read-header.ts'
import { configName } from './archive-config.ts'

/** The file of `local:backup/…`, or an absolute path as it stands. */
export function archivePath(host: Host, archive: string): string {
  if (!archive.startsWith('/')) return existingPlace(host, archive).path
  if (!existsSync(archive)) throw new Refusal(`'${archive}' does not exist`)
  return archive
}

function decompressor(path: string) {
  if (path.endsWith('.zst')) return [createZstdDecompress()]
  if (path.endsWith('.gz')) return [createGunzip()]
  if (path.endsWith('.vma')) return []
  throw new Refusal(`unable to parse archive '${path}': unknown compression`)
}

const inArchiveWords = (error: unknown): never => {
  if (error instanceof Refusal) throw error
  const said = error instanceof Error ? error.message : String(error)
  throw new Refusal(
    `error before or during data restore, some or all disks were not completely restored: ${said}`,
    {
      cause: error,
    },
  )
}

export async function readArchive(
  path: string,
  reader: VmaReader,
  signal?: AbortSignal,
): Promise<ReadTotals> {
  let totals: ReadTotals = { readBytes: 0, zeroBytes: 0 }
  const [decompress = new PassThrough()] = decompressor(path)
  const consume = async (source: AsyncIterable<Buffer>) => {
    totals = await readVma(source, reader)
  }
  try {
    await pipeline(createReadStream(path), decompress, consume, signal ? { signal } : {})
  } catch (error) {
    inArchiveWords(error)
  }
  return totals
}

/** The header alone: the archive is not read to its end. */
export async function readArchiveHeader(path: string): Promise<VmaHeader> {
  const file = createReadStream(path)
  const [decompress] = decompressor(path)
  const source: Readable = decompress ? file.pipe(decompress) : file
  // A pipe does not carry errors on.
  if (decompress) file.on('error', error => decompress.destroy(error))
  try {
    return await readHeader(new Bytes(source))
  } catch (error) {
    return inArchiveWords(error)
  } finally {
    source.destroy()
    file.destroy()
  }
}

export function configIn(header: VmaHeader): string {
  const config = header.configs.find(({ name }) => name === configName)
  if (!config) throw new Refusal('no configuration found in archive')
  return config.data.toString('utf8')
}
