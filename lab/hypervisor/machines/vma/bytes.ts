/** Takes a stream of buffers apart by lengths. */
export class Bytes {
  private readonly source: AsyncIterator<Buffer>
  private rest: Buffer = Buffer.alloc(0)
  constructor(source: AsyncIterable<Buffer>) {
    this.source = source[Symbol.asyncIterator]()
  }

  /** As many bytes as asked for; fewer only where the stream ends. */
  async take(length: number): Promise<Buffer> {
    const parts = [this.rest]
    let available = this.rest.length
    while (available < length) {
      const { value, done } = await this.source.next()
      if (done) break
      parts.push(value)
      available += value.length
    }
    const all = parts.length === 1 ? this.rest : Buffer.concat(parts)
    this.rest = all.subarray(length)
    return all.subarray(0, length)
  }
}
