import { z } from 'zod'

/**
 * A secret as a plan may hold it: never the secret itself, only where it is. The error is the key of a sentence
 * (src/i18n) and carries no value: what was written there may be the secret.
 */
export const secretReference = () =>
  z
    .string('fields.secretReference')
    .regex(/^(env:[A-Za-z_]\w*|(file|cmd):\S.*)$/, 'fields.secretReference')
    .describe(
      'Where the secret is: `env:NAME`, `file:/path` or `cmd:program arguments`; never the secret itself.',
    )

/** SHA-256 of a server's certificate, as openssl prints it. */
export const fingerprint = (error?: string) =>
  z.string().regex(/^[0-9A-Fa-f]{2}(:[0-9A-Fa-f]{2}){31}$/, error)
