import { frameBytes, frames, pictureParameters, sequenceParameters, sidePixels } from './h264.ts'

const framesPerSecond = 2

/** A short H.264 film of about `bytes`; plays in a browser, and its index comes first so that it can be streamed. */
export function mp4(key: number, bytes: number): Buffer {
  const samples = frames(key, Math.max(1, Math.round((bytes - 700) / frameBytes)))
  const type = box('ftyp', text('isom'), u32(512), text('isomavc1'))
  // The index names the place of the first frame: its own length must be known before, and does not change.
  const index = (firstFrame: number) => movie(samples, firstFrame)
  const firstFrame = type.length + index(0).length + 8
  return Buffer.concat([type, index(firstFrame), box('mdat', ...samples)])
}

function movie(samples: Uint8Array[], firstFrame: number): Buffer {
  const duration = samples.length
  const matrix = [0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000]
  return box(
    'moov',
    full(
      'mvhd',
      u32(0, 0, framesPerSecond, duration, 0x10000, 0x1000000, 0, 0, ...matrix),
      u32(0, 0, 0, 0, 0, 0, 2),
    ),
    box(
      'trak',
      flagged(
        'tkhd',
        3,
        u32(0, 0, 1, 0, duration, 0, 0, 0, 0, ...matrix, sidePixels << 16, sidePixels << 16),
      ),
      box(
        'mdia',
        full('mdhd', u32(0, 0, framesPerSecond, duration), u16(0x1a41, 0)), // 0x1a41: 'fra'
        full('hdlr', u32(0), text('vide'), u32(0, 0, 0), text('video\0')),
        box(
          'minf',
          flagged('vmhd', 1, u32(0, 0)),
          box('dinf', full('dref', u32(1), flagged('url ', 1))),
          sampleTable(samples, firstFrame),
        ),
      ),
    ),
  )
}

function sampleTable(samples: Uint8Array[], firstFrame: number): Buffer {
  const decoder = box(
    'avcC',
    Uint8Array.from([1, ...sequenceParameters.subarray(1, 4), 0xff, 0xe1]),
    u16(sequenceParameters.length),
    sequenceParameters,
    Uint8Array.from([1]),
    u16(pictureParameters.length),
    pictureParameters,
  )
  const entry = box(
    'avc1',
    u16(0, 0, 0, 1),
    Buffer.alloc(16),
    u16(sidePixels, sidePixels),
    u32(0x480000, 0x480000, 0),
    u16(1),
    Buffer.alloc(32),
    u16(0x18, 0xffff),
    decoder,
  )
  return box(
    'stbl',
    full('stsd', u32(1), entry),
    full('stts', u32(1, samples.length, 1)),
    full('stsc', u32(1, 1, samples.length, 1)),
    full('stsz', u32(0, samples.length, ...samples.map(sample => sample.length))),
    full('stco', u32(1, firstFrame)),
  )
}

function box(type: string, ...parts: Uint8Array[]): Buffer {
  const length = parts.reduce((sum, part) => sum + part.length, 8)
  return Buffer.concat([u32(length), text(type), ...parts])
}
const flagged = (type: string, flags: number, ...parts: Uint8Array[]) => box(type, u32(flags), ...parts)
const full = (type: string, ...parts: Uint8Array[]) => flagged(type, 0, ...parts)
const text = (value: string) => Buffer.from(value, 'latin1')

function u32(...values: number[]): Buffer {
  const result = Buffer.alloc(values.length * 4)
  for (const [index, value] of values.entries()) result.writeUInt32BE(value, index * 4)
  return result
}
function u16(...values: number[]): Buffer {
  const result = Buffer.alloc(values.length * 2)
  for (const [index, value] of values.entries()) result.writeUInt16BE(value, index * 2)
  return result
}
