import { crc32, deflateSync } from 'node:zlib'
import { noise } from '../noise.ts'

const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])
const width = 128

/** A grey picture of noise of about `bytes`, titled. */
export function png(title: string, key: number, bytes: number): Buffer {
  const height = Math.max(1, Math.round((bytes - 150) / (width + 1)))
  const pixels = noise(key, width * height)
  const lines = Buffer.alloc((width + 1) * height)
  // Each line begins with its filter: 0, none.
  for (let y = 0; y < height; y += 1)
    lines.set(pixels.subarray(y * width, (y + 1) * width), y * (width + 1) + 1)
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(height, 4)
  header[8] = 8 // bits a pixel; the zeros after it: grey, deflate, no interlace
  return Buffer.concat([
    signature,
    chunk('IHDR', header),
    chunk('iTXt', Buffer.from(`Title\0\0\0fr\0\0${title}`)),
    // Noise does not compress: storing it is as small and ten times as fast.
    chunk('IDAT', deflateSync(lines, { level: 0 })),
    chunk('IEND', Buffer.alloc(0)),
  ])
}

function chunk(type: string, data: Uint8Array): Buffer {
  const result = Buffer.alloc(data.length + 12)
  result.writeUInt32BE(data.length, 0)
  result.write(type, 4, 'latin1')
  result.set(data, 8)
  result.writeUInt32BE(crc32(result.subarray(4, 8 + data.length)), 8 + data.length)
  return result
}
