/** A record holds strings of at most 255 bytes each; those who read it read them as one text. */
const longestString = 255

/** `"one" "two"`, as zone files and `DnsRecord.data` have it; `\"` and `\DDD` stand for a byte. */
const zoneForm = /^\s*"(\\\d{3}|\\[^\d]|[^"\\])*"(\s+"(\\\d{3}|\\[^\d]|[^"\\])*")*\s*$/

/**
 * The text as zone files write it. What is written so already stays, strings and all; a plain text is cut into strings
 * of 255 bytes.
 */
export function txtData(value: string): string {
  if (zoneForm.test(value)) return value.trim()
  const bytes = Buffer.from(value)
  const strings: string[] = []
  for (let at = 0; at < bytes.length || at === 0; at += longestString)
    strings.push(quoted(bytes.subarray(at, at + longestString)))
  return strings.join(' ')
}

/** The bytes of all strings as one, of either form. Two records with the same text may have it cut differently. */
export function txtBytes(value: string): Buffer {
  if (!zoneForm.test(value)) return Buffer.from(value)
  const strings = value.match(/"(\\\d{3}|\\[^\d]|[^"\\])*"/g) ?? []
  return Buffer.concat(strings.map(bytesOf))
}

/** The longest single string, in bytes; more than 255 fit no record. */
export const longestOf = (value: string): number =>
  Math.max(0, ...(txtData(value).match(/"(\\\d{3}|\\[^\d]|[^"\\])*"/g) ?? []).map(one => bytesOf(one).length))

function bytesOf(quotedString: string): Buffer {
  const parts = quotedString.slice(1, -1).match(/\\\d{3}|\\[^\d]|[^\\]+/g) ?? []
  return Buffer.concat(
    parts.map(part => {
      if (/^\\\d/.test(part)) return Buffer.from([Number(part.slice(1))])
      return Buffer.from(part.startsWith('\\') ? part.slice(1) : part)
    }),
  )
}

/** Only printable ASCII as itself: what is written is a line that nsupdate reads, and no other line. */
function quoted(bytes: Buffer): string {
  const written = [...bytes].map(byte => {
    const character = String.fromCharCode(byte)
    if (character === '"' || character === '\\') return `\\${character}`
    return byte < 32 || byte > 126 ? `\\${String(byte).padStart(3, '0')}` : character
  })
  return `"${written.join('')}"`
}
