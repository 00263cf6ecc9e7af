/** Shorter secrets would blot out ordinary words, so they are refused. */
export const shortestSecret = 4
/** Shorter than any secret, so that putting it in never makes one. */
const mask = '[…]'

export type Redactor = {
  /** Remembers a secret for the life of the program. False: too short to be hidden, and not remembered. */
  add(secret: string): boolean
  /** A copy of a JSON-like value without any secret, whole or encoded, in its strings and keys. */
  redact<T>(value: T): T
}

export function createRedactor(): Redactor {
  const forms = new Set<string>()
  let pattern: RegExp | undefined

  function redactText(text: string): string {
    if (!pattern) return text
    // Again until nothing changes: what stands around a mask may itself form a secret.
    for (let before = ''; before !== text; ) {
      before = text
      text = text.replace(pattern, mask)
    }
    return text
  }

  function redact<T>(value: T): T {
    if (typeof value === 'string') return redactText(value) as T
    if (Array.isArray(value)) return value.map(redact) as T
    if (typeof value !== 'object' || value === null) return value
    return Object.fromEntries(
      Object.entries(value).map(([key, field]) => [redactText(key), redact(field)]),
    ) as T
  }

  return {
    add(secret) {
      if (secret.length < shortestSecret) return false
      for (const form of formsOf(secret)) forms.add(form)
      const longestFirst = [...forms].sort((left, right) => right.length - left.length)
      pattern = new RegExp(longestFirst.map(RegExp.escape).join('|'), 'g')
      return true
    },
    redact,
  }
}

/** The ways in which a secret shows up in output: as it is, in JSON, in a URL, in base64, in hexadecimal, line by line. */
function formsOf(secret: string): string[] {
  const lines = secret.split(/\r?\n/).filter(line => line.length >= 8)
  const url = encodeURIComponent(secret.toWellFormed())
  const hex = Buffer.from(secret, 'utf8').toString('hex')
  return [
    secret,
    // those who use it may cut blanks at its ends
    secret.trim(),
    ...lines,
    JSON.stringify(secret).slice(1, -1),
    secret.replaceAll("'", "'\\''"),
    url,
    url.replaceAll('%20', '+'),
    url.replace(/%[0-9A-F]{2}/g, code => code.toLowerCase()),
    hex,
    hex.toUpperCase(),
    ...base64Forms(secret),
  ].filter(form => form.length >= shortestSecret)
}

/**
 * Base64 of a secret inside a longer text (`user:secret`) depends on where it starts, modulo three bytes: the
 * characters that the neighbours do not touch are the same for each of the three.
 */
function base64Forms(secret: string): string[] {
  const bytes = Buffer.from(secret, 'utf8')
  return [0, 1, 2].flatMap(offset => {
    const encoded = Buffer.concat([Buffer.alloc(offset), bytes])
      .toString('base64')
      .replace(/=+$/, '')
    const first = Math.ceil((offset * 4) / 3)
    const last = Math.floor(((offset + bytes.length) * 8) / 6)
    const stable = encoded.slice(first, last)
    return [stable, stable.replaceAll('+', '-').replaceAll('/', '_')]
  })
}
