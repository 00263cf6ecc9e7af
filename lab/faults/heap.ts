/** Where PostgreSQL keeps a row: a page of 8 KB, an array of item pointers at its front, the rows at its back. */
export const pageBytes = 8192
const pageHeaderBytes = 24
const itemPointerBytes = 4

/**
 * The first place of `text` within an item of a heap page, as an offset in the page; undefined when the item does
 * not hold it as plain bytes. Items count from 1, as in a ctid.
 */
export function findInItem(page: Buffer, item: number, text: string): number | undefined {
  // 32 bits, little-endian: offset (15), flags (2), length (15).
  const pointer = page.readUInt32LE(pageHeaderBytes + itemPointerBytes * (item - 1))
  const start = pointer & 0x7fff
  const length = pointer >>> 17
  const place = page.subarray(start, start + length).indexOf(text, 0, 'utf8')
  return place < 0 ? undefined : start + place
}

/** `(12,3)` → block 12, item 3. */
export function parseRowPlace(ctid: string): { block: number; item: number } {
  const match = /^\((\d+),(\d+)\)$/.exec(ctid)
  if (!match) throw new Error(`not a ctid: ${ctid}`)
  return { block: Number(match[1]), item: Number(match[2]) }
}
