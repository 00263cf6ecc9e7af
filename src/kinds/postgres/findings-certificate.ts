import type { SiteSide } from '../../model/plan.ts'
import { isSame } from './certificate.ts'
import { block, type Known, listed, type SharedRule, type Verdict, warn } from './finding-rule.ts'
import type { CommonSpec } from './spec.ts'

const sides = ['source', 'target'] as const
const pinAt = ({ spec }: Known<CommonSpec>, side: SiteSide): string | undefined => spec[side].fingerprint
const certificateAt = ({ facts }: Known<CommonSpec>, side: SiteSide) =>
  side === 'source' ? facts.sourceCertificate : facts.targetCertificate
const dataDirectoryAt = ({ facts }: Known<CommonSpec>, side: SiteSide) =>
  side === 'source' ? facts.sourceDataDirectory : facts.targetDataDirectory

/** What stands in the plan, of those sides whose certificate could be read over ssh. */
export const pinLine = (side: SiteSide, fingerprint: string): string =>
  `\`${side}: {fingerprint: "${fingerprint}"}\``

function pinLines(known: Known<CommonSpec>, those: readonly SiteSide[]): string {
  const lines = those.flatMap(side => {
    const certificate = certificateAt(known, side)
    return certificate === undefined ? [] : [pinLine(side, certificate.fingerprint)]
  })
  return lines.join(', ') || '–'
}

function broken(
  known: Known<CommonSpec>,
  isBroken: (side: SiteSide) => boolean,
  verdict: (hosts: string, those: readonly SiteSide[]) => Verdict,
): Verdict {
  const those = sides.filter(isBroken)
  return listed(
    those.map(side => known.hosts[side]),
    hosts => verdict(hosts, those),
  )
}

/** By what the servers are known: to Bascule, and to each other. */
export const certificateRules: readonly SharedRule[] = [
  {
    name: 'certificate-unchecked',
    text: 'postgres.finding.certificate-unchecked',
    remedy: 'postgres.finding.certificate-unchecked.remedy',
    judge(known) {
      const { sslmode } = known.spec.admin
      if (sslmode === 'verify-full') return undefined
      return broken(
        known,
        side => pinAt(known, side) === undefined,
        (hosts, those) => warn({ hosts, sslmode, lines: pinLines(known, those) }),
      )
    },
  },
  {
    name: 'certificate-differs',
    text: 'postgres.finding.certificate-differs',
    remedy: 'postgres.finding.certificate-differs.remedy',
    judge: known =>
      broken(
        known,
        side => {
          const [pinned, certificate] = [pinAt(known, side), certificateAt(known, side)]
          if (pinned === undefined || certificate === undefined) return false
          return !isSame(pinned, certificate.fingerprint)
        },
        (hosts, those) => block({ hosts, lines: pinLines(known, those) }),
      ),
  },
  {
    name: 'certificate-signed',
    text: 'postgres.finding.certificate-signed',
    remedy: 'postgres.finding.certificate-signed.remedy',
    judge: known =>
      broken(
        known,
        side => pinAt(known, side) !== undefined && certificateAt(known, side)?.isSelfSigned === false,
        hosts => block({ hosts }),
      ),
  },
  {
    // The copy replaces the data directory: from then on the server would show another certificate, or none.
    name: 'certificate-moves',
    text: 'postgres.finding.certificate-moves',
    remedy: 'postgres.finding.certificate-moves.remedy',
    judge: known =>
      broken(
        known,
        side => {
          const directory = dataDirectoryAt(known, side)
          const file = certificateAt(known, side)?.file
          return pinAt(known, side) !== undefined && file?.startsWith(`${directory}/`) === true
        },
        hosts => block({ hosts }),
      ),
  },
]
