import { createCipheriv, createHash } from 'node:crypto'

const poolBytes = 4 * 1024 * 1024

/** Bytes without pattern, the same at every run: what compressed media look like to rsync and to checksums. */
const pool = createCipheriv(
  'aes-256-ctr',
  createHash('sha256').update('techcorp-files').digest(),
  Buffer.alloc(16),
).update(Buffer.alloc(poolBytes))

/** No zero byte: for formats in which two of them begin a marker. */
const nonZeroPool = pool.map(byte => byte || 1)

/** A number from 0 to 2^32 - 1 that belongs to this text. */
export const numberOf = (text: string): number => createHash('sha256').update(text).digest().readUInt32LE(0)

/** `bytes` of noise that belong to `key`; as a view of the pool whenever it fits. */
export function noise(key: number, bytes: number, options: { nonZero?: boolean } = {}): Uint8Array {
  const source = options.nonZero ? nonZeroPool : pool
  const start = key % poolBytes
  if (start + bytes <= poolBytes) return source.subarray(start, start + bytes)
  const result = new Uint8Array(bytes)
  for (let at = 0; at < bytes; at += poolBytes - start)
    result.set(source.subarray(start, Math.min(poolBytes, start + bytes - at)), at)
  return result
}
