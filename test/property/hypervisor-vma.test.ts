import { describe, expect, it } from 'vitest'
import { blockBytes, clusterBytes, type VmaHeader } from '../../lab/hypervisor/machines/vma/layout.ts'
import { readVma } from '../../lab/hypervisor/machines/vma/read.ts'
import { writeVma } from '../../lab/hypervisor/machines/vma/write.ts'
import fc from '../helpers/property.ts'

type Disk = { id: number; name: string; content: Buffer }
const uuid = Buffer.from('00112233445566778899aabbccddeeff', 'hex')
const configs = [{ name: 'qemu-server.conf', data: Buffer.from('name: auth\nmemory: 512\n') }]

async function written(disks: Disk[]): Promise<Buffer> {
  const writable = disks.map(({ id, name, content }) => ({
    id,
    name,
    sizeBytes: content.length,
    read: async (into: Buffer, offset: number) => void content.copy(into, 0, offset, offset + into.length),
  }))
  const parts: Buffer[] = []
  for await (const part of writeVma({ uuid, createdAtSeconds: 1_800_000_000, configs, disks: writable }))
    parts.push(part)
  return Buffer.concat(parts)
}

/** In pieces of any length, as a pipe gives them. */
async function* pieces(archive: Buffer, length: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < archive.length; at += length) yield archive.subarray(at, at + length)
}

async function read(archive: Buffer, pieceLength = 10_000) {
  let header: VmaHeader | undefined
  const contents = new Map<string, Buffer>()
  let dataBytes = 0
  const totals = await readVma(pieces(archive, pieceLength), {
    header: found => {
      header = found
      for (const { name, sizeBytes } of found.disks) contents.set(name, Buffer.alloc(sizeBytes))
    },
    data: (disk, offset, data) => {
      dataBytes += data.length
      data.copy(contents.get(disk.name) ?? Buffer.alloc(0), offset)
    },
  })
  return { header, contents, totals, dataBytes }
}

/** Mostly holes, some data at any place, of any size. */
const content = fc
  .record({
    sizeBytes: fc.integer({ min: 1, max: 5 * clusterBytes + 777 }),
    islands: fc.array(
      fc.record({
        at: fc.double({ min: 0, max: 1, noNaN: true }),
        data: fc.uint8Array({ minLength: 1, maxLength: 9000 }),
      }),
      { maxLength: 4 },
    ),
  })
  .map(({ sizeBytes, islands }) => {
    const buffer = Buffer.alloc(sizeBytes)
    for (const { at, data } of islands) Buffer.from(data).copy(buffer, Math.floor(at * (sizeBytes - 1)))
    return buffer
  })

describe('a VMA archive', () => {
  it('gives back every disk and file, however it is cut and wherever the holes are', async () => {
    const property = fc.asyncProperty(
      fc.array(content, { minLength: 1, maxLength: 4 }),
      fc.integer({ min: 1, max: 200_000 }).map(length => Math.max(length, 700)),
      async (contents, pieceLength) => {
        const disks = contents.map((content, index) => ({
          id: index + 1,
          name: `drive-scsi${index}`,
          content,
        }))
        const back = await read(await written(disks), pieceLength)
        expect(back.header).toMatchObject({ createdAtSeconds: 1_800_000_000, configs })
        expect(back.header?.uuid.equals(uuid)).toBe(true)
        for (const { name, content } of disks) expect(back.contents.get(name)?.equals(content)).toBe(true)
        expect(back.totals.readBytes).toBe(contents.reduce((sum, content) => sum + content.length, 0))
      },
    )
    await fc.assert(property, { numRuns: 60 })
  })

  it('stores nothing of what is zero', async () => {
    const hole = Buffer.alloc(200 * clusterBytes)
    hole.write('one block', 77 * clusterBytes + 5 * blockBytes)
    const archive = await written([{ id: 1, name: 'drive-scsi0', content: hole }])
    expect(archive.length).toBeLessThan(12_288 + 512 + 4 * 512 + blockBytes + 1)
    const back = await read(archive)
    expect(back.dataBytes).toBe(blockBytes)
    expect(back.totals.zeroBytes).toBe(hole.length - blockBytes)
  })

  it('is refused when any byte of what its sums cover is another one', async () => {
    const content = Buffer.alloc(2 * clusterBytes, 7)
    const archive = await written([{ id: 1, name: 'drive-scsi0', content }])
    const headerBytes = archive.readUInt32BE(56)
    const covered = fc.oneof(
      fc.integer({ min: 0, max: headerBytes - 1 }),
      fc.integer({ min: headerBytes, max: headerBytes + 511 }),
    )
    const property = fc.asyncProperty(covered, fc.integer({ min: 1, max: 255 }), async (at, flip) => {
      const wrong = Buffer.from(archive)
      wrong[at] = (wrong[at] ?? 0) ^ flip
      await expect(read(wrong)).rejects.toThrow(/wrong vma|not a vma|short vma/)
    })
    await fc.assert(property, { numRuns: 150 })
  })

  it('is refused when it ends early, at every block', async () => {
    const content = Buffer.alloc(3 * clusterBytes, 7)
    const archive = await written([{ id: 1, name: 'drive-scsi0', content }])
    for (let end = 100; end < archive.length; end += blockBytes)
      await expect(read(archive.subarray(0, end))).rejects.toThrow(/not a vma|short vma|missing cluster/)
  })

  it('is refused when a whole extent is missing or comes twice', async () => {
    const content = Buffer.alloc(70 * clusterBytes, 7)
    const archive = await written([{ id: 1, name: 'drive-scsi0', content }])
    const headerBytes = archive.readUInt32BE(56)
    const firstExtent = archive.subarray(headerBytes, headerBytes + 512 + 59 * clusterBytes)
    const without = Buffer.concat([
      archive.subarray(0, headerBytes),
      archive.subarray(headerBytes + firstExtent.length),
    ])
    await expect(read(without)).rejects.toThrow('missing cluster 0 for stream drive-scsi0')
    await expect(read(Buffer.concat([archive, firstExtent]))).rejects.toThrow('duplicated cluster 0')
  })
})
