import type { ChangeIo, DnsRecord } from '../../src/model/io.ts'

/** A primary in memory that takes what nsupdate is told, and a clock of its own. */
export class DnsPrimary {
  seconds = 0
  /** Every script that nsupdate was given. */
  readonly scripts: string[] = []
  readonly argvs: string[] = []
  records: DnsRecord[] = [
    { name: 'auth.techcorp.test', type: 'A', ttlSeconds: 3600, data: '10.80.4.11' },
    { name: 'www.techcorp.test', type: 'CNAME', ttlSeconds: 3600, data: 'auth.techcorp.test' },
  ]
  /** The answer of an update is lost on its way, after it was carried out. */
  losesAnswers = false

  readonly io: ChangeIo = {
    dns: async (_server, name, type) => ({
      code: 'NOERROR',
      authoritative: true,
      records: this.records.filter(record => record.name === name && record.type === type),
    }),
    local: async (argv, options) => this.#update(argv, options?.input ?? ''),
    changeLocal: async (argv, options) => this.#update(argv, options?.input ?? ''),
    secret: async () => 'c2VjcmV0\n',
    sleep: async seconds => {
      this.seconds += seconds
    },
    now: () => new Date(Date.UTC(2026, 11, 12) + this.seconds * 1000).toISOString(),
    report: progress => void this.progress.push(progress.itemsDone ?? -1),
    signal: new AbortController().signal,
  } as Partial<ChangeIo> as ChangeIo
  readonly progress: number[] = []

  #update(argv: readonly string[], script: string) {
    this.argvs.push(argv.join(' '))
    this.scripts.push(script)
    for (const line of script.split('\n')) {
      const [verb, what, name = '', ...rest] = line.split(' ')
      const bareName = name.replace(/\.$/, '')
      if (verb !== 'update') continue
      if (what === 'delete')
        this.records = this.records.filter(one => one.name !== bareName || one.type !== rest[0])
      const [ttl, type = '', data = ''] = rest
      if (what !== 'add') continue
      const set = { name: bareName, type, ttlSeconds: Number(ttl), data: data.replace(/\.$/, '') }
      // Adding what is there is silently ignored (RFC 2136, 3.4.2.2).
      const isThere = this.records.some(one => JSON.stringify(one) === JSON.stringify(set))
      if (!isThere) this.records.push(set)
    }
    if (this.losesAnswers)
      return { exitCode: 2, stdout: '', stderr: '; Communication with 10.80.4.54#53 failed: timed out\n' }
    return { exitCode: 0, stdout: '', stderr: '' }
  }
}
