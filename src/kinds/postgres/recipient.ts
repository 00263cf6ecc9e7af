const charset = 'qpzry9x8gf2tvdw0s3jn54khce6mua7l'
const generators = [0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3]

export const isSecretKey = (text: string): boolean => /AGE-SECRET-KEY-|PRIVATE KEY/.test(text)

/** A public key that age takes: its own, checked by its checksum, or one of OpenSSH, by its parts. A typing error is neither. */
export const isRecipient = (text: string): boolean => isAgeKey(text) || isSshKey(text)

/** Bech32 (BIP 173) of 32 bytes. */
const isAgeKey = (text: string): boolean =>
  /^age1[02-9ac-hj-np-z]{58}$/.test(text) && polymod([...prefix('age'), ...figuresOf(text.slice(4))]) === 1

const figuresOf = (data: string): number[] => [...data].map(letter => charset.indexOf(letter))
const prefix = (name: string): number[] => {
  const codes = [...name].map(letter => letter.charCodeAt(0))
  return [...codes.map(code => code >> 5), 0, ...codes.map(code => code & 31)]
}

function polymod(figures: readonly number[]): number {
  let sum = 1
  for (const figure of figures) {
    const top = sum >>> 25
    sum = ((sum & 0x1ffffff) << 5) ^ figure
    for (const [bit, generator] of generators.entries()) if ((top >> bit) & 1) sum ^= generator
  }
  return sum
}

/** `ssh-ed25519 AAAA… comment`: the key is a list of parts with their lengths, of which the first is its type. */
function isSshKey(text: string): boolean {
  const [, type = '', encoded = ''] =
    /^(ssh-ed25519|ssh-rsa) ([A-Za-z0-9+/]+={0,2})( [^\n]*)?$/.exec(text) ?? []
  const parts = partsOf(Buffer.from(encoded, 'base64'))
  const isWhole = parts !== undefined && parts[0]?.toString() === type
  return isWhole && (type === 'ssh-rsa' ? parts.length === 3 : parts.length === 2 && parts[1]?.length === 32)
}

function partsOf(key: Buffer): Buffer[] | undefined {
  const parts: Buffer[] = []
  let at = 0
  while (at + 4 <= key.length) {
    const end = at + 4 + key.readUInt32BE(at)
    if (end > key.length) return undefined
    parts.push(key.subarray(at + 4, end))
    at = end
  }
  return at === key.length ? parts : undefined
}
