import { expect, test } from 'vitest'
import { sampleBandwidth } from '../../src/kinds/kit/bandwidth.ts'
import type { CommandResult } from '../../src/model/io.ts'
import { recordingIo } from '../doubles/recording.ts'
import { onCommand } from '../doubles/recording-answers.ts'

const result = (stdout: string): CommandResult => ({ exitCode: 0, stdout, stderr: '' })
const refused = '{"error":"unable to connect to server: Connection refused"}'
const measured = '{"end":{"sum_received":{"bits_per_second":2e8}}}'

/** A server that takes whoever comes first, in the first `knocks` rounds somebody else; the client says what it met. */
async function sampled(knocks: number, otherwise = measured) {
  let rounds = 0
  const server = onCommand('', () => {
    rounds += 1
    return ''
  })
  const io = recordingIo({ answers: [server] })
  const from = async () => result(rounds > knocks ? otherwise : refused)
  const outcome = await sampleBandwidth(
    { from, host: 'far', address: '192.0.2.1', port: 5201, seconds: 1 },
    io,
  )
  return { outcome, rounds }
}

test('a knock of somebody else at the port takes one turn, and the next is measured', async () => {
  expect(await sampled(0)).toEqual({ outcome: { mbps: 200 }, rounds: 1 })
  expect(await sampled(2)).toEqual({ outcome: { mbps: 200 }, rounds: 3 })
})

test('a port that stays shut is told, and not tried for ever', async () => {
  const { outcome, rounds } = await sampled(99)
  expect(outcome).toEqual({ error: expect.stringMatching(/refused/) })
  expect(rounds).toBe(4)
})

test('what is no knock is not tried again', async () => {
  const { outcome, rounds } = await sampled(0, '{"error":"no route to host"}')
  expect(outcome).toEqual({ error: 'no route to host' })
  expect(rounds).toBe(1)
})
