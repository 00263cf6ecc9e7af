import { z } from 'zod'
import type { Argv } from '../../../model/io.ts'
import type { Text } from '../../../model/text.ts'
import { typed } from '../../kit/by-hand.ts'
import { shortDeadlineSeconds } from '../../kit/timings.ts'
import { admit, dismiss, grantReplication, isGranted, revokeReplication } from '../access.ts'
import { byHandAt, psql } from '../by-hand.ts'
import { hasCertificate } from '../certificate.ts'
import { pathExists } from '../cluster.ts'
import { reloadCluster, removeFile } from '../commands.ts'
import { postgres } from '../define.ts'
import { begin, end } from '../settings.ts'
import {
  configDirectory,
  fencingPath,
  passfilePath,
  primaryCertificatePath,
  type Side,
  type Sides,
  sidesOf,
} from '../sides.ts'
import { identifier } from '../sql.ts'

/**
 * The right to copy: a role, its password and the other's certificate at both hosts, admission in pg_hba.conf at both (the way back needs it as
 * much as the way there), and a bound on the log that slots may hold back.
 */
export const allowReplication = postgres.action({
  name: 'allow-replication',
  touches: ['source', 'target'],
  result: z.object({ role: z.string(), maxSlotWalKeepGB: z.number() }),
  plan: about => ({
    title: { key: 'postgres.allow-replication.title', values: { component: about.component.id } },
    stage: 'provision',
    expectedSeconds: 3,
    deadlineSeconds: shortDeadlineSeconds,
    attempts: 3,
    backoffSeconds: 5,
    trigger: 'failure',
    undo: {
      possible: true,
      expectedSeconds: 3,
      deadlineSeconds: shortDeadlineSeconds,
      byHand: dismissByHand(sidesOf(about)),
    },
  }),

  async isDone(about, io) {
    const { source, target, spec } = sidesOf(about)
    // Written last of all: where it stands, the rest stands.
    if (!(await pathExists(target, passfilePath(target), io))) return false
    if (!(await isGranted(source, io))) return false
    // Of a certificate that was renewed since, the plan has another fingerprint.
    if (!(await hasCertificate(source, target, io)) || !(await hasCertificate(target, source, io)))
      return false
    return { role: spec.replication.user, maxSlotWalKeepGB: spec.replication.maxSlotWalKeepGB }
  },

  async apply(about, io) {
    const sides = sidesOf(about)
    const { source, spec } = sides
    await grantReplication(source, spec.replication, io.at('source'))
    for (const side of ['source', 'target'] as const) await admit(sides[side], sides, io.at(side))
    return { role: spec.replication.user, maxSlotWalKeepGB: spec.replication.maxSlotWalKeepGB }
  },

  async undo(about, io) {
    const sides = sidesOf(about)
    const { source, spec } = sides
    for (const side of ['source', 'target'] as const) await dismiss(sides[side], io.at(side))
    await revokeReplication(source, spec.replication.user, io.at('source'))
    for (const side of ['source', 'target'] as const)
      await io.at(side).change(sides[side].host, removeFile(fencingPath(sides[side])))
  },
})

function dismissByHand({ source, target, spec }: Sides): Text {
  const role = identifier(spec.replication.user)
  const { host, commands } = byHandAt(
    source,
    withoutRulesByHand(source),
    removeFile(passfilePath(source)),
    removeFile(primaryCertificatePath(source)),
    removeFile(fencingPath(source)),
    reloadCluster(source),
  )
  const drop = typed(
    psql(
      source,
      'alter system reset max_slot_wal_keep_size',
      'select pg_reload_conf()',
      `drop owned by ${role}`,
      `drop role ${role}`,
      'drop schema if exists bascule cascade',
    ),
  )
  return {
    key: 'postgres.allow-replication.byHand',
    values: { source: host, target: target.host, commands, drop },
  }
}

const withoutRulesByHand = (side: Side): Argv => [
  ...['sed', '-i', `\\|^${begin(side.owner)}$|,\\|^${end(side.owner)}$|d`],
  `${configDirectory(side)}/pg_hba.conf`,
]
