import { files } from '../src/kinds/files/facts.ts'
import { kind } from '../src/kinds/files/index.ts'
import { treePairOf } from '../src/kinds/files/tree-pair.ts'
import { raiseTwoSites, type TwoSites } from '../test/helpers/two-sites.ts'
import { type Bench, type Row, type Scale, timed } from './measurement.ts'

const fileBytes = 8_000
const linkMbps = 200
/** 200 files grown and 50 made, by 6 000 bytes each. */
const changedBytes = 250 * 6_000
const source = 'montpellier-files'

export const bench: Bench = {
  name: 'files-final-delta',
  about: ({ files }) =>
    `the cut for ${files} files, 200 changed, 50 new, 20 deleted, 10 renamed, on a ${linkMbps} Mbit/s link`,
  async run({ say, files, rounds }) {
    const spec = {
      source: { host: 'files', path: '/srv/files' },
      target: { host: 'files', path: '/srv/files' },
    }
    say('raising two sites')
    const sites = await raiseTwoSites(
      kind,
      { id: 'files', spec },
      {
        name: 'bench-files',
        linkMbps,
        size: { databaseBytes: 0, files, fileBytes },
      },
    )
    try {
      say((await sites.at(source, 'rsync --version | head -n 1')).trim())
      return await compareWays(sites, rounds, say)
    } finally {
      await sites.close()
    }
  },
}

async function compareWays(
  sites: TwoSites,
  rounds: Scale['rounds'],
  say: (line: string) => void,
): Promise<Row[]> {
  await sites.audit()
  say(`first sync: ${(await timed(() => sites.apply('preparation', 'first-sync'))).toFixed(1)} s`)
  say(`proof ahead: ${(await timed(() => sites.apply('preparation', 'prove'))).toFixed(1)} s`)
  const rows = {
    limit: row('physical limit: what changed, at the rate of the link'),
    peer: row('peer: rsync -aHAX --delete by hand, nothing compared'),
    hashing: row('peer, then rsync --checksum of the whole tree'),
    delta: row('Bascule: final delta'),
    whole: row('Bascule: final delta, comparison, check of equality'),
  }
  for (let round = 1; round <= rounds; round++) {
    await change(sites, round * 10)
    rows.peer.seconds.push(await timed(() => byHand(sites)))
    await change(sites, round * 10 + 1)
    rows.hashing.seconds.push(
      await timed(async () => [await byHand(sites), await byHand(sites, '--checksum')]),
    )
    // the days before end with a proof: only what this round changes is left to compare in the night
    await sites.apply('preparation', 'first-sync')
    await sites.apply('preparation', 'prove')
    await change(sites, round * 10 + 2)
    const delta = await timed(async () => {
      await sites.apply('live', 'final-delta')
    })
    let different = -1
    const compared = await timed(async () => {
      await sites.apply('live', 'compare')
      different = (await sites.measure('filesDifferent')).value
    })
    if (different !== 0) throw new Error(`${different} files differ after the final delta`)
    rows.delta.seconds.push(delta)
    rows.whole.seconds.push(delta + compared)
    rows.limit.seconds.push((changedBytes * 8) / (linkMbps * 1e6))
    say(`round ${round} of ${rounds} done`)
  }
  return [rows.peer, rows.hashing, rows.delta, rows.whole, rows.limit]
}

const row = (way: string): Row => ({ way, seconds: [] })

/** The same sort of changes each time, on other files. */
async function change(sites: TwoSites, seed: number): Promise<void> {
  await sites.at(
    source,
    `cd /srv/files
     find . -type f | sort > /tmp/all; shuf -n 230 --random-source=<(yes ${seed}) /tmp/all > /tmp/chosen
     head -200 /tmp/chosen | while read -r f; do head -c 6000 /dev/urandom >> "$f"; done
     sed -n 201,220p /tmp/chosen | while read -r f; do rm "$f"; done
     sed -n 221,230p /tmp/chosen | while read -r f; do mv "$f" "$f.renamed-${seed}"; done
     mkdir -p new; for n in $(seq 50); do head -c 6000 /dev/urandom > "new/${seed}-$n"; done`,
  )
}

/** What an administrator would type. */
async function byHand(sites: TwoSites, ...more: string[]): Promise<void> {
  const { component, plan } = sites
  const { target: end } = treePairOf({ component, spec: files.specOf(component), plan })
  const argv = [
    'rsync',
    '-aHAX',
    '--numeric-ids',
    '--delete',
    ...more,
    '/srv/files/',
    `${end.address}:/srv/files/`,
  ]
  await sites.io().change(source, argv)
}
