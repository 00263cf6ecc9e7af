import { crc32, inflateSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { jpeg } from '../../lab/estate/seed/formats/jpeg.ts'
import { mp4 } from '../../lab/estate/seed/formats/mp4.ts'
import { pdf } from '../../lab/estate/seed/formats/pdf.ts'
import { png } from '../../lab/estate/seed/formats/png.ts'
import { subtitles } from '../../lab/estate/seed/formats/subtitles.ts'

// Also looked at in Chromium: the runViews decode, the film plays to its end.
describe('formats of the file server', () => {
  it.each([2000, 20_000, 200_000])('a PDF of %i bytes: its table leads to its objects', bytes => {
    const file = pdf('exercices (corrigés)', 12_345, bytes)
    expect(Math.abs(file.length - bytes)).toBeLessThan(300)
    const said = file.toString('latin1')
    expect(said).toMatch(/^%PDF-1\.4\n/)
    expect(said).toContain('(exercices \\(corrigés\\)) Tj')
    const table = Number(/startxref\n(\d+)\n%%EOF\n$/.exec(said)?.[1])
    const offsets = [...said.slice(table).matchAll(/^(\d{10}) 00000 n $/gm)].map(match => Number(match[1]))
    expect(said.slice(table, table + 9)).toBe('xref\n0 7\n')
    expect(offsets).toHaveLength(6)
    for (const [index, offset] of offsets.entries())
      expect(said.slice(offset, offset + 8)).toBe(`${index + 1} 0 obj\n`)
    for (const match of said.matchAll(/\/Length (\d+) >>\nstream\n/g)) {
      const end = (match.index ?? 0) + match[0].length + Number(match[1])
      expect(said.slice(end, end + 10)).toBe('\nendstream')
    }
  })

  it.each([2000, 20_000])('a PNG of %i bytes: every chunk sound, every line there', bytes => {
    const file = png('schéma 1', 99, bytes)
    expect(Math.abs(file.length - bytes)).toBeLessThan(300)
    const chunks = new Map<string, Buffer>()
    let at = 8
    while (at < file.length) {
      const length = file.readUInt32BE(at)
      const type = file.toString('latin1', at + 4, at + 8)
      expect(file.readUInt32BE(at + 8 + length)).toBe(crc32(file.subarray(at + 4, at + 8 + length)))
      chunks.set(type, file.subarray(at + 8, at + 8 + length))
      at += length + 12
    }
    expect([...chunks.keys()]).toEqual(['IHDR', 'iTXt', 'IDAT', 'IEND'])
    const [width = 0, height = 0] = [chunks.get('IHDR')?.readUInt32BE(0), chunks.get('IHDR')?.readUInt32BE(4)]
    const pixels = inflateSync(chunks.get('IDAT') ?? Buffer.alloc(0))
    expect(pixels.length).toBe((width + 1) * height)
    for (let y = 0; y < height; y += 1) expect(pixels[y * (width + 1)]).toBe(0)
  })

  it.each([2000, 20_000, 100_000])(
    'a JPEG of %i bytes: every restart interval decodes to its blocks',
    bytes => {
      const file = jpeg('photo-1', 4711, bytes)
      expect(Math.abs(file.length - bytes)).toBeLessThan(1000)
      const { segments, scan } = segmentsOf(file)
      const frame = segments.get(0xc0) ?? Buffer.alloc(0)
      const [height, width] = [frame.readUInt16BE(1), frame.readUInt16BE(3)]
      expect(segments.get(0xdd)?.readUInt16BE(0)).toBe(width / 8)
      const intervals = splitAtRestarts(scan)
      expect(intervals).toHaveLength(height / 8)
      for (const interval of intervals) expect(countBlocks(interval, segments)).toBe(width / 8)
    },
  )

  it.each([1000, 60_000, 500_000])(
    'a film of about %i bytes: boxes fill the file, frames are where the index says',
    bytes => {
      const file = mp4(31_337, bytes)
      expect(Math.abs(file.length - bytes)).toBeLessThan(14_500)
      const top = boxesIn(file, 0, file.length)
      expect(top.map(box => box.type)).toEqual(['ftyp', 'moov', 'mdat'])
      const path = ['moov', 'trak', 'mdia', 'minf', 'stbl']
      let inside = top
      for (const type of path) {
        const box = inside.find(found => found.type === type)
        inside = boxesIn(file, (box?.from ?? 0) + 8, box?.to ?? 0)
      }
      const from = (type: string) => (inside.find(box => box.type === type)?.from ?? 0) + 12
      const frames = file.readUInt32BE(from('stsz') + 4)
      let at = file.readUInt32BE(from('stco') + 4)
      expect(at).toBe((top[2]?.from ?? 0) + 8)
      for (let index = 0; index < frames; index += 1) {
        const length = file.readUInt32BE(from('stsz') + 8 + index * 4)
        expect(file.readUInt32BE(at)).toBe(length - 4)
        expect(file[at + 4]).toBe(0x65)
        // Nothing in a frame may look like a start code.
        expect(file.subarray(at + 5, at + length).includes(Buffer.from([0, 0]))).toBe(false)
        at += length
      }
      expect(at).toBe(file.length)
    },
  )

  it('subtitles follow one another', () => {
    const said = subtitles('vidéo', 5, 3).toString()
    expect(said).toMatch(/^WEBVTT\n\n/)
    expect(said.match(/^\d\d:\d\d:\d\d\.\d{3} --> \d\d:\d\d:\d\d\.\d{3}$/gm)).toEqual([
      '00:00:00.000 --> 00:00:03.500',
      '00:00:04.000 --> 00:00:07.500',
      '00:00:08.000 --> 00:00:11.500',
    ])
  })
})

function boxesIn(file: Buffer, from: number, to: number): { type: string; from: number; to: number }[] {
  const boxes = []
  while (from < to) {
    const end = from + file.readUInt32BE(from)
    boxes.push({ type: file.toString('latin1', from + 4, from + 8), from, to: end })
    from = end
  }
  expect(from).toBe(to)
  return boxes
}

/** Huffman tables under 0xc4 (DC) and 0x1c4 (AC). */
function segmentsOf(file: Buffer): { segments: Map<number, Buffer>; scan: Buffer } {
  const segments = new Map<number, Buffer>()
  let at = 2
  for (;;) {
    expect(file[at]).toBe(0xff)
    const marker = file[at + 1] ?? 0
    const data = file.subarray(at + 4, at + 2 + file.readUInt16BE(at + 2))
    segments.set(marker === 0xc4 && (data[0] ?? 0) >= 0x10 ? 0x1c4 : marker, data)
    at += 4 + data.length
    if (marker === 0xda) break
  }
  expect([...file.subarray(-2)]).toEqual([0xff, 0xd9])
  return { segments, scan: file.subarray(at, -2) }
}

function splitAtRestarts(scan: Buffer): Buffer[] {
  const intervals: Buffer[] = []
  let from = 0
  for (let at = 0; at < scan.length - 1; at += 1) {
    if (scan[at] !== 0xff || scan[at + 1] === 0) continue
    expect(scan[at + 1]).toBe(0xd0 + (intervals.length % 8))
    intervals.push(scan.subarray(from, at))
    from = at + 2
  }
  return [...intervals, scan.subarray(from)]
}

/** Reads the blocks as a decoder does: a DC value, then run and size pairs until the end of the block. */
function countBlocks(interval: Buffer, segments: Map<number, Buffer>): number {
  const bytes = [...interval].filter((byte, index) => !(byte === 0 && interval[index - 1] === 0xff))
  const bits = bytes.map(byte => byte.toString(2).padStart(8, '0')).join('')
  const [dc, ac] = [codesOf(segments.get(0xc4)), codesOf(segments.get(0x1c4))]
  let at = 0
  const symbol = (codes: Map<string, number>) => {
    for (let length = 1; length <= 16; length += 1) {
      const found = codes.get(bits.slice(at, at + length))
      if (found === undefined) continue
      at += length
      return found
    }
    throw new Error('no such code')
  }
  let blocks = 0
  // Padding is less than a byte of ones.
  while (bits.length - at >= 8 || bits.slice(at).includes('0')) {
    const difference = symbol(dc)
    at += difference
    let values = 1
    for (let found = symbol(ac); found !== 0; found = symbol(ac)) {
      at += found & 15
      values += 1 + (found >> 4)
    }
    expect(values).toBeLessThanOrEqual(64)
    blocks += 1
  }
  return blocks
}

function codesOf(table: Uint8Array = new Uint8Array(17)): Map<string, number> {
  const codes = new Map<string, number>()
  let [code, next] = [0, 17]
  for (let length = 1; length <= 16; length += 1) {
    for (let count = table[length] ?? 0; count > 0; count -= 1) {
      const text = code.toString(2).padStart(length, '0')
      // JPEG keeps the code of ones alone free, for padding.
      expect(text).not.toBe('1'.repeat(length))
      codes.set(text, table[next++] ?? 0)
      code += 1
    }
    code <<= 1
  }
  return codes
}
