import { createHash } from 'node:crypto'

export type Signed = {
  applicationSecret: string
  consumerKey: string
  method: string
  url: string
  body: string
  /** Seconds since 1970 by OVH's clock. */
  timestamp: number
}

/** `$1$` and the SHA-1 of the parts with `+` between them. The URL whole, the body as it is sent, empty for none. */
export function ovhSignature({
  applicationSecret,
  consumerKey,
  method,
  url,
  body,
  timestamp,
}: Signed): string {
  const parts = [applicationSecret, consumerKey, method, url, body, String(timestamp)]
  return `$1$${createHash('sha1').update(parts.join('+'), 'utf8').digest('hex')}`
}
