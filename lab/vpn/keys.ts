import { run } from '../shell.ts'

/** 32 bytes in base64, as `wg` writes them. */
export type KeyPair = { privateKey: string; publicKey: string }

export async function newKeyPair(): Promise<KeyPair> {
  const { stdout } = await run(['wg', 'genkey'])
  const privateKey = stdout.trim()
  return { privateKey, publicKey: await publicKeyOf(privateKey) }
}

/** The private key goes by standard input: an argv can be read by everyone. */
export async function publicKeyOf(privateKey: string): Promise<string> {
  const { stdout } = await run(['wg', 'pubkey'], { input: `${privateKey}\n` })
  return stdout.trim()
}
