import type { Peer } from './parse.ts'

/** How the test client stands in a configuration. What precedes is untouched, so that taking it out is exact. */
const heading = '# bascule: test client, until the migration is closed'
/** The file's last line had no end; it had to be given one. */
const afterOpenLine = `${heading} (the line above had no end)`

export type TestPeer = Pick<Peer, 'publicKey'> & { address: string }

/** Gives the configuration with the test client as its last peer. */
export function withTestPeer(text: string, { publicKey, address }: TestPeer): string {
  const isOpen = text !== '' && !text.endsWith('\n')
  const lines = [
    isOpen ? afterOpenLine : heading,
    '[Peer]',
    `PublicKey = ${publicKey}`,
    `AllowedIPs = ${address}`,
  ]
  return `${text}${isOpen ? '\n' : ''}\n${lines.join('\n')}\n`
}

const escaped = (words: string) => words.replace(/[()]/g, '\\$&')
const block = (head: string) =>
  new RegExp(`\\n${escaped(head)}\\n\\[Peer\\]\\nPublicKey = \\S*\\nAllowedIPs = \\S*\\n`)

/** The inverse of withTestPeer, whatever key the test client had; what others wrote since stays. */
export const withoutTestPeer = (text: string): string =>
  text.replace(new RegExp(`\\n${block(afterOpenLine).source}`), '').replace(block(heading), '')

export const hasTestPeer = (text: string): boolean => withoutTestPeer(text) !== text
