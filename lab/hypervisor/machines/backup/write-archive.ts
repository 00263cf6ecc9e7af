import { createWriteStream } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import { Readable, type Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { constants, createGzip, createZstdCompress } from 'node:zlib'
import type { VmaHeader } from '../vma/layout.ts'
import { type WriteProgress, writeVma } from '../vma/write.ts'

export type Compression = 'zstd' | 'gzip' | '0'
export const suffixOf: Record<Compression, string> = { zstd: '.zst', gzip: '.gz', '0': '' }

const compressors: Record<Compression, () => Transform[]> = {
  zstd: () => [createZstdCompress({ params: { [constants.ZSTD_c_checksumFlag]: 1 } })],
  gzip: () => [createGzip({ level: 1 })],
  '0': () => [],
}

/** Writes raw disk images and configuration files into one archive, through the compressor. */
export async function writeArchive(
  path: string,
  content: Omit<VmaHeader, 'disks'> & {
    disks: readonly { id: number; name: string; sizeBytes: number; path: string }[]
  },
  compression: Compression,
  options: { signal: AbortSignal; onProgress?: (progress: WriteProgress) => void },
): Promise<void> {
  const handles: FileHandle[] = []
  try {
    const disks = []
    for (const disk of content.disks) {
      const handle = await open(disk.path, 'r')
      handles.push(handle)
      disks.push({ ...disk, read: (into: Buffer, offset: number) => readFully(handle, into, offset) })
    }
    const archive = Readable.from(writeVma({ ...content, disks }, options.onProgress))
    const stages = [
      archive,
      ...compressors[compression](),
      createWriteStream(path, { mode: 0o640, flush: true }),
    ]
    await pipeline(stages, { signal: options.signal })
  } finally {
    for (const handle of handles) await handle.close()
  }
}

async function readFully(handle: FileHandle, into: Buffer, offset: number): Promise<void> {
  let done = 0
  while (done < into.length) {
    const { bytesRead } = await handle.read(into, done, into.length - done, offset + done)
    if (bytesRead === 0) break
    done += bytesRead
  }
  into.fill(0, done)
}
