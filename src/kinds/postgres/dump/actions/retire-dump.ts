import { shortDeadlineSeconds } from '../../../kit/timings.ts'
import { editHba } from '../../access.ts'
import { byHandAt } from '../../by-hand.ts'
import { hasCertificate, keepCertificate } from '../../certificate.ts'
import { pathExists, readConfigured } from '../../cluster.ts'
import { readText, reloadCluster, removeFile } from '../../commands.ts'
import { dumping } from '../../define.ts'
import { createSavedTables, dropSavedSchema } from '../../saved.ts'
import { withoutRules, withRules } from '../../settings.ts'
import { fencingPath, primaryCertificatePath, sidesOf } from '../../sides.ts'
import { executeReadWrite } from '../../sql.ts'

/** Nobody dumps any more: the line of pg_hba.conf, the certificate and Bascule's notes at the target go. The source stays closed. */
export const retireDump = dumping.action({
  name: 'retire-dump',
  touches: ['source', 'target'],
  plan: about => ({
    title: { key: 'postgres.retire-dump.title', values: { component: about.component.id } },
    stage: 'close',
    expectedSeconds: 3,
    deadlineSeconds: shortDeadlineSeconds,
    attempts: 3,
    backoffSeconds: 5,
    trigger: 'failure',
    undo: {
      possible: true,
      expectedSeconds: 3,
      deadlineSeconds: shortDeadlineSeconds,
      byHand: {
        key: 'postgres.retire-dump.byHand',
        values: byHandAt(sidesOf(about).source, reloadCluster(sidesOf(about).source)),
      },
    },
  }),

  async isDone(about, io) {
    const { source, target } = sidesOf(about)
    const { stdout: hba } = await io.read(source.host, readText(await readConfigured(source, 'hba_file', io)))
    if (withoutRules(hba, source.owner) !== hba) return false
    return !(await pathExists(target, fencingPath(target), io))
  },

  async apply(about, io) {
    const { source, target } = sidesOf(about)
    await editHba(source, file => withoutRules(file, source.owner), io.at('source'))
    await io.at('source').change(source.host, removeFile(fencingPath(source)))
    await io.at('target').change(target.host, removeFile(primaryCertificatePath(target)))
    await executeReadWrite(io.at('target'), target.sql, dropSavedSchema)
    await io.at('target').change(target.host, removeFile(fencingPath(target)))
    return undefined
  },

  async undo(about, io) {
    const { source, target, spec } = sidesOf(about)
    await createSavedTables(target, io.at('target'))
    if (!(await hasCertificate(target, source, io))) await keepCertificate(target, source, io.at('target'))
    const rule = { database: 'all', user: spec.admin.user, address: target.address }
    await editHba(source, file => withRules(file, source.owner, [rule]), io.at('source'))
  },
})
