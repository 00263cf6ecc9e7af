import { createHash } from 'node:crypto'
import { jpeg } from './formats/jpeg.ts'
import { mp4 } from './formats/mp4.ts'
import { pdf } from './formats/pdf.ts'
import { png } from './formats/png.ts'
import { subtitles } from './formats/subtitles.ts'
import { numberOf } from './noise.ts'
import { figuresOf, type Size } from './sizes.ts'
import { type FileKind, kindOf, originOf } from './tree.ts'

/** How large a file of a kind is beside the others, and how it is made. `key` belongs to the path. */
const kinds: Record<FileKind, { weight: number; make(title: string, key: number, bytes: number): Buffer }> = {
  pdf: { weight: 1, make: pdf },
  png: { weight: 0.8, make: png },
  jpeg: { weight: 0.8, make: jpeg },
  video: { weight: 5, make: (_title, key, bytes) => mp4(key, bytes) },
  subtitles: { weight: 0.1, make: (title, key, bytes) => subtitles(title, key, Math.ceil(bytes / 60)) },
}
/** Mean weight of a module's files: 3 pdf, 2 png, 3 jpeg, 1 video, 1 subtitles. */
const meanWeight = (3 + 1.6 + 2.4 + 5 + 0.1) / 10

/** The bytes at this path of a tree of this size, from the path alone: no copy of the tree is needed to check it. */
export function contentOf(path: string, size: Size): Buffer {
  const origin = originOf(path)
  const { weight, make } = kinds[kindOf(origin)]
  const key = numberOf(origin)
  const { files, fileBytes } = figuresOf(size)
  const spread = 0.5 + (key % 1000) / 1000
  return make(titleOf(origin), key, ((fileBytes / files) * weight * spread) / meanWeight)
}

export type ExpectedFile = { sizeBytes: number; sha256: string }
export function expectedFile(path: string, size: Size): ExpectedFile {
  const content = contentOf(path, size)
  return { sizeBytes: content.length, sha256: createHash('sha256').update(content).digest('hex') }
}

const titleOf = (path: string) => path.replace(/\.[^/]*$/, '').replaceAll('/', ' - ')
