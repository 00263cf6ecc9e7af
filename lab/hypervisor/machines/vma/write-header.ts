import {
  deviceBytes,
  fixedHeaderBytes,
  headerAt,
  magic,
  sumWithout,
  tableLength,
  type VmaHeader,
} from './layout.ts'

/** The archive's header. Throws a RangeError for what the format cannot hold. */
export function formatHeader({ uuid, createdAtSeconds, configs, disks }: VmaHeader): Buffer {
  if (configs.length > tableLength) throw new RangeError(`more than ${tableLength} configuration files`)
  const blobs = new Blobs()
  const names = configs.map(({ name }) => blobs.addText(name))
  const contents = configs.map(({ data }) => blobs.add(data))
  const devices = disks.map(disk => ({ ...disk, name: blobs.addText(disk.name) }))
  const table = blobs.padded()

  const header = Buffer.alloc(fixedHeaderBytes + table.length)
  magic.copy(header, headerAt.magic)
  header.writeUInt32BE(1, headerAt.version)
  uuid.copy(header, headerAt.uuid)
  header.writeBigUInt64BE(BigInt(createdAtSeconds), headerAt.createdAt)
  header.writeUInt32BE(fixedHeaderBytes, headerAt.blobOffset)
  header.writeUInt32BE(table.length, headerAt.blobBytes)
  header.writeUInt32BE(header.length, headerAt.headerBytes)
  for (const [index, name] of names.entries()) header.writeUInt32BE(name, headerAt.configNames + 4 * index)
  for (const [index, data] of contents.entries()) header.writeUInt32BE(data, headerAt.configData + 4 * index)
  for (const { id, name, sizeBytes } of devices) {
    if (id < 1 || id >= tableLength) throw new RangeError(`device id ${id}`)
    header.writeUInt32BE(name, headerAt.devices + deviceBytes * id)
    header.writeBigUInt64BE(BigInt(sizeBytes), headerAt.devices + deviceBytes * id + 8)
  }
  table.copy(header, fixedHeaderBytes)
  sumWithout(header, headerAt.md5).copy(header, headerAt.md5)
  return header
}

/** Blobs are found by their position in the buffer; 0 says that there is none, so the first byte stays free. */
class Blobs {
  private readonly parts: Buffer[] = [Buffer.alloc(1)]
  private bytes = 1

  add(data: Buffer): number {
    if (data.length > 0xffff) throw new RangeError(`a blob of ${data.length} bytes`)
    const length = Buffer.alloc(2)
    length.writeUInt16LE(data.length)
    const position = this.bytes
    this.parts.push(length, data)
    this.bytes += 2 + data.length
    return position
  }
  addText = (text: string): number => this.add(Buffer.from(`${text}\0`))

  padded(): Buffer {
    return Buffer.concat(this.parts, Math.ceil(this.bytes / 512) * 512)
  }
}
