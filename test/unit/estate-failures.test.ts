import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { readLedgers } from '../../lab/users/account.ts'
import { since } from '../../lab/users/failures.ts'
import { type LedgerEntry, type Outcome, openLedger } from '../../lab/users/ledger.ts'
import { temporaryFolder } from '../helpers/temporary-folder.ts'

const at = (second: number) => new Date(Date.UTC(2026, 11, 12, 22, 0, second)).toISOString()
const request = (begun: number, outcome: Outcome, address?: string): LedgerEntry => ({
  kind: 'request',
  startedAt: at(begun),
  at: at(begun + 3),
  milliseconds: 3000,
  user: 1,
  service: 'auth',
  action: 'login',
  outcome,
  ...(address === undefined ? {} : { address }),
})

describe('what users met since an instant', () => {
  it('is of requests begun after it, with where they were sent', async () => {
    const late = request(11, 'timeout', '10.80.4.11')
    const entries = [
      request(9, 'maintenance', '10.80.4.11'),
      request(10, 'ok', '10.80.4.12'),
      late,
      request(12, 'unresolved'),
      { kind: 'acknowledged', at: at(13), user: 1, table: 'answers', clientId: 'c', repeated: false },
    ] satisfies LedgerEntry[]
    expect(await since(entries, at(10))).toEqual({
      requests: 3,
      failed: [late, request(12, 'unresolved')],
      addresses: { '10.80.4.12': 1, '10.80.4.11': 1, none: 1 },
    })
  })
})

describe('several ledgers', () => {
  const directory = temporaryFolder('estate-ledgers')

  it('are read as one, each up to where it was when it was asked for', async () => {
    const files = ['honest', 'stubborn'].map(name => join(directory, name))
    const write = (file: string, entry: LedgerEntry) => {
      const ledger = openLedger(file)
      ledger.write(entry)
      ledger.close()
    }
    const [first = '', second = ''] = files
    write(first, request(1, 'ok'))
    write(second, request(0, 'timeout'))
    const entries = await readLedgers(files)
    write(first, request(2, 'ok'))
    for (let reading = 0; reading < 2; reading += 1)
      expect(await Array.fromAsync(entries())).toEqual([request(1, 'ok'), request(0, 'timeout')])
  })
})
