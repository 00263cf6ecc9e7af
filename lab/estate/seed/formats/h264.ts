import { noise } from '../noise.ts'

/**
 * H.264 without an encoder: every macroblock is I_PCM, its 384 samples written as they are. The noise holds no
 * zero byte, so nothing in it looks like a start code.
 */
const sideInMacroblocks = 6
export const sidePixels = sideInMacroblocks * 16
const macroblocks = sideInMacroblocks ** 2
const sampleBytes = 384
export const frameBytes = macroblocks * (sampleBytes + 2) + 8

/** Exp-Golomb code, by which H.264 writes nearly every number. */
const ue = (value: number) => {
  const bits = (value + 1).toString(2)
  return '0'.repeat(bits.length - 1) + bits
}

export const sequenceParameters = unit(
  0x67,
  // Baseline profile, level 3; one frame of reference, 6 by 6 macroblocks, progressive, no cropping, no extras.
  `${byte(66) + byte(0xc0) + byte(30) + ue(0) + ue(0) + ue(2) + ue(1)}0${ue(5)}${ue(5)}11001`,
)
export const pictureParameters = unit(
  0x68,
  // CAVLC, one slice group, no weighting, zero quantiser offsets, deblocking named in the slice.
  `${ue(0) + ue(0)}00${ue(0) + ue(0) + ue(0)}000${ue(0) + ue(0) + ue(0)}1001`,
)

/** Each frame stands alone; a unit is preceded by its length, as in MP4. */
export function frames(key: number, count: number): Buffer[] {
  return Array.from({ length: count }, (_, index) => frame(key + index * 7919, index))
}

function frame(key: number, index: number): Buffer {
  // First macroblock 0, I slice, parameters 0, frame number 0; two frames in a row must differ in the next number.
  const slice = `${ue(0) + ue(7) + ue(0)}0000${ue(index % 2)}00${ue(0)}${ue(1)}`
  const pcm = ue(25)
  const samples = noise(key, macroblocks * sampleBytes, { nonZero: true })
  const parts: Uint8Array[] = [unit(0x65, slice + pcm)]
  for (let block = 0; block < macroblocks; block += 1) {
    if (block > 0) parts.push(bytesOf(pcm))
    parts.push(samples.subarray(block * sampleBytes, (block + 1) * sampleBytes))
  }
  parts.push(Uint8Array.from([0x80]))
  const length = Buffer.alloc(4)
  length.writeUInt32BE(parts.reduce((sum, part) => sum + part.length, 0))
  return Buffer.concat([length, ...parts])
}

function unit(type: number, bits: string): Uint8Array {
  return Uint8Array.from([type, ...bytesOf(bits)])
}
function bytesOf(bits: string): Uint8Array {
  const bytes: number[] = []
  for (let at = 0; at < bits.length; at += 8)
    bytes.push(Number.parseInt(bits.slice(at, at + 8).padEnd(8, '0'), 2))
  return Uint8Array.from(bytes)
}
function byte(value: number): string {
  return value.toString(2).padStart(8, '0')
}
