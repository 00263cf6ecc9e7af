import { z } from 'zod'
import type { Json } from '../../../../model/json.ts'
import type { QmpCommand } from '../../machine/qmp.ts'
import { ours, sequenceOf } from './names.ts'

const bitmap = z.object({
  name: z.string().optional(),
  /** Bytes that were written since the bitmap was added, in whole clusters. */
  count: z.number(),
  busy: z.boolean(),
  persistent: z.boolean(),
  /** QEMU did not end cleanly: what the bitmap says cannot be relied on. */
  inconsistent: z.boolean().optional(),
})
const node = z.object({
  'node-name': z.string().optional(),
  drv: z.string(),
  file: z.string(),
  image: z.object({ filename: z.string(), 'virtual-size': z.number() }),
  'dirty-bitmaps': z.array(bitmap).optional(),
})
export type Bitmap = { name: string; dirtyBytes: number; usable: boolean }
export type Node = { name: string; driver: string; path: string; sizeBytes: number; bitmaps: Bitmap[] }

export const queryNodes: QmpCommand = { execute: 'query-named-block-nodes', arguments: { flat: true } }

/** The answer to `queryNodes`. Bitmaps without a name are those of other jobs. */
export function parseNodes(answer: Json): Node[] {
  return z
    .array(node)
    .parse(answer)
    .map(one => ({
      name: one['node-name'] ?? '',
      driver: one.drv,
      path: one.image.filename.startsWith('json:') ? one.file : one.image.filename,
      sizeBytes: one.image['virtual-size'],
      bitmaps: (one['dirty-bitmaps'] ?? []).flatMap(({ name, count, persistent, inconsistent }) =>
        name === undefined ? [] : [{ name, dirtyBytes: count, usable: persistent && inconsistent !== true }],
      ),
    }))
}

/** The node that holds a disk's bitmaps: that of the format, under whatever throttles or filters stand above it. */
export const nodeOf = (nodes: readonly Node[], path: string): Node | undefined =>
  nodes.find(({ driver, path: own }) => driver === 'qcow2' && own === path)

export const oursOn = ({ bitmaps }: Node): string[] =>
  bitmaps.map(({ name }) => name).filter(name => name.startsWith(ours))

/** Numbers of this seed's bitmaps on a disk, the oldest first. */
export const sequencesOn = ({ bitmaps }: Node, seed: string): number[] =>
  bitmaps
    .map(({ name }) => sequenceOf(seed, name))
    .filter(number => number !== undefined)
    .sort((left, right) => left - right)

export const removeBitmaps = (node: Node, names: readonly string[]): QmpCommand[] =>
  names.map(name => ({ execute: 'block-dirty-bitmap-remove', arguments: { node: node.name, name } }))
