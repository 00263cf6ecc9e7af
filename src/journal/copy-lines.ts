import { z } from 'zod'
import { canonicalJson } from '../model/canonical.ts'
import type { Row } from './chain.ts'
import { anyJson } from './schemas.ts'

/** An entry as a line of a copy. What links it to others stands first: a host checks that without reading JSON. */
export const copyLine = ({ sequence, previousHash, hash, at, run, event }: Row): string =>
  `{"sequence":${sequence},"previousHash":"${previousHash}","hash":"${hash}",` +
  `"at":${JSON.stringify(at)},"run":${JSON.stringify(run)},"event":${event}}`

/** The lines of a copy as rows, to be judged by `verifyChain`. Undefined where a line is none. */
export function rowsOfCopy(text: string): Row[] | undefined {
  try {
    return wholeLines(text).map(line => {
      const { event, ...link } = copied.parse(JSON.parse(line))
      return { ...link, event: canonicalJson(event) }
    })
  } catch {
    return undefined
  }
}

/** What a power cut left of a line is no entry: nobody was told that it is there. */
const wholeLines = (text: string): string[] => text.split('\n').slice(0, -1)

const copied = z.strictObject({
  sequence: z.number(),
  ...{ previousHash: z.string(), hash: z.string(), at: z.string(), run: z.string(), event: anyJson },
})
