import { noise, numberOf } from '../noise.ts'

/** Blocks of 8 by 8 pixels in a line of blocks, which is one restart interval. */
const blocksPerLine = 40
const lineVariants = 128

/**
 * A baseline grey picture of about `bytes`, titled in a comment. Restart intervals stand alone, so a picture is
 * put together from lines coded once: coding every file bit by bit would take minutes.
 */
export function jpeg(title: string, key: number, bytes: number): Buffer {
  const variants = codedLines()
  const average = variants.reduce((sum, line) => sum + line.length, 0) / lineVariants + 2
  const lines = Math.max(1, Math.round((bytes - 250) / average))
  const choice = noise(key, lines)
  const scan: Uint8Array[] = []
  for (let line = 0; line < lines; line += 1) {
    if (line > 0) scan.push(Buffer.from([0xff, 0xd0 + ((line - 1) % 8)]))
    scan.push(variants[(choice[line] ?? 0) % lineVariants] as Uint8Array)
  }
  return Buffer.concat([header(title, lines * 8, blocksPerLine * 8), ...scan, Buffer.from([0xff, 0xd9])])
}

// Two small Huffman tables of our own: [counts of codes by length 1..16], [symbols].
// DC: differences of 0 to 7 bits, each a 3 bit code but the last two, of 4. AC: end of block, then 4 and 5 bit values.
const dc = { lengths: [0, 0, 6, 2], symbols: [0, 1, 2, 3, 4, 5, 6, 7] }
const ac = { lengths: [1, 1, 1], symbols: [0x05, 0x04, 0x00] }

function header(title: string, height: number, width: number): Buffer {
  const comment = Buffer.from(title)
  const size = [height >> 8, height & 255, width >> 8, width & 255]
  return Buffer.concat([
    Buffer.from([0xff, 0xd8]),
    segment(0xe0, [0x4a, 0x46, 0x49, 0x46, 0, 1, 1, 0, 0, 1, 0, 1, 0, 0]),
    segment(0xfe, comment),
    segment(0xdb, [0, ...Array(64).fill(4)]),
    segment(0xc0, [8, ...size, 1, 1, 0x11, 0]),
    segment(0xc4, [0x00, ...padded(dc.lengths), ...dc.symbols]),
    segment(0xc4, [0x10, ...padded(ac.lengths), ...ac.symbols]),
    segment(0xdd, [0, blocksPerLine]),
    segment(0xda, [1, 1, 0x00, 0, 63, 0]),
  ])
}

const padded = (lengths: number[]) => [...lengths, ...Array(16 - lengths.length).fill(0)]

function segment(marker: number, data: ArrayLike<number>): Buffer {
  const length = data.length + 2
  return Buffer.concat([Buffer.from([0xff, marker, length >> 8, length & 255]), Uint8Array.from(data)])
}

let kept: Uint8Array[] | undefined
function codedLines(): Uint8Array[] {
  kept ??= Array.from({ length: lineVariants }, (_, variant) =>
    codeLine(noise(numberOf(`jpeg:${variant}`), 2000)),
  )
  return kept
}

/** One line of blocks: of each, a DC difference and a number of AC values, taken from the noise. */
function codeLine(random: Uint8Array): Uint8Array {
  const bits: string[] = []
  let at = 0
  const next = () => random[at++ % random.length] ?? 0
  let level = 0
  for (let block = 0; block < blocksPerLine; block += 1) {
    // Kept within what eight bits can show at this quantisation.
    const wanted = (next() % 200) - 100
    bits.push(dcCode(Math.max(-127, Math.min(127, wanted - level))))
    level += Math.max(-127, Math.min(127, wanted - level))
    for (let value = 6 + (next() % 12); value > 0; value -= 1) {
      const fiveBits = next() % 2 === 0
      const magnitude = (fiveBits ? 16 : 8) + (next() % (fiveBits ? 16 : 8))
      bits.push(fiveBits ? '0' : '10', valueBits(next() % 2 ? magnitude : -magnitude, fiveBits ? 5 : 4))
    }
    bits.push('110')
  }
  return stuffed(bits.join(''))
}

function dcCode(difference: number): string {
  const size = difference === 0 ? 0 : 32 - Math.clz32(Math.abs(difference))
  const code = size < 6 ? size.toString(2).padStart(3, '0') : (12 + size - 6).toString(2)
  return code + valueBits(difference, size)
}

/** JPEG writes a negative value as its distance from the largest of that size. */
const valueBits = (value: number, size: number) =>
  size === 0 ? '' : (value < 0 ? value + (1 << size) - 1 : value).toString(2).padStart(size, '0')

/** Filled with ones to whole bytes; a zero after each 0xff, which would otherwise begin a marker. */
function stuffed(bits: string): Uint8Array {
  const bytes: number[] = []
  for (let at = 0; at < bits.length; at += 8) {
    const byte = Number.parseInt(bits.slice(at, at + 8).padEnd(8, '1'), 2)
    bytes.push(byte, ...(byte === 0xff ? [0] : []))
  }
  return Uint8Array.from(bytes)
}
