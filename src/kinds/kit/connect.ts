import { script } from './script.ts'

const connect = script(import.meta.dirname, 'scripts/connect.sh')
const datagrams = script(import.meta.dirname, 'scripts/send-datagrams.sh')
const within = (seconds: number, text: string, name: string, address: string, port: number): string[] => [
  ...['timeout', String(seconds), 'bash', '-c', text, name, address, String(port)],
]

/** Opens a TCP connection and closes it. Fails when it is refused or not open within 4 s. */
export const connects = (address: string, port: number): string[] =>
  within(4, connect.text(), 'connect.sh', address, port)

/** Fails when a datagram is refused. Silence is no failure, and says nothing. */
export const sendsDatagrams = (address: string, port: number): string[] =>
  within(4, datagrams.text(), 'send-datagrams.sh', address, port)
