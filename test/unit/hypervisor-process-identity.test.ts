import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { isProcess } from '../../lab/hypervisor/machines/process-identity.ts'

const mark = 'a-mark-of-its-own'
/** Its first thread ends at once, and shows as a zombie without a command line; another runs on until its input ends. */
const leaderless = `
import ctypes, os, sys, threading
def rest():
    os.write(1, b'on')
    sys.stdin.buffer.read()
    os._exit(0)
threading.Thread(target=rest).start()
ctypes.CDLL(None).pthread_exit(None)
`

it('a process of which only the first thread has ended still is one: its files are open and locked', async () => {
  const child = spawn('python3', ['-c', leaderless, mark], { stdio: ['pipe', 'pipe', 'inherit'] })
  const pid = child.pid ?? 0
  await once(child.stdout, 'data')
  const state = () => readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.[0]
  await expect.poll(state).toBe('Z')
  expect(isProcess(pid, mark)).toBe(true)
  child.stdin.end()
  await once(child, 'exit')
  expect(isProcess(pid, mark)).toBe(false)
})

it('another program under the same number is not it', () => {
  expect(isProcess(process.pid, mark)).toBe(false)
  expect(isProcess(process.pid, process.argv[0] ?? '')).toBe(true)
})
