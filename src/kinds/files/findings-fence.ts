import type { FilesFacts } from './facts.ts'
import type { Said } from './finding-rule.ts'
import type { FilesSpec } from './spec.ts'

/** Other hosts write to these by themselves, whatever this one has mounted over them. */
const ofSeveralHosts = new Set([
  ...['nfs', 'nfs4', 'cifs', 'smb3', '9p', 'ceph', 'fuse.ceph', 'lustre', 'gfs2', 'ocfs2', 'afs', 'beegfs'],
  ...['fuse.glusterfs', 'fuse.sshfs', 'gpfs', 'virtiofs'],
])

/** Whether the source's tree can be made read-only for everybody, and who would not be refused. */
export function judgeFence({ fence }: FilesSpec, facts: FilesFacts): Said[] {
  if (fence === 'none') {
    const [text, remedy] = ['files.finding.fence-none', 'files.finding.fence-none.remedy'] as const
    return [{ level: 'warn', text, remedy }]
  }
  const said: Said[] = []
  const { sourceFilesystem: filesystem, fenceLacks = [], fencePassedBy = [] } = facts
  if (typeof filesystem === 'string' && ofSeveralHosts.has(filesystem)) {
    const [text, remedy] = ['files.finding.fence-shared', 'files.finding.fence-shared.remedy'] as const
    said.push({ level: 'block', text, remedy, values: { filesystem } })
  }
  if (fenceLacks.length > 0) {
    const [text, remedy] = ['files.finding.fence-programs', 'files.finding.fence-programs.remedy'] as const
    said.push({ level: 'block', text, remedy, values: { programs: fenceLacks.join(', ') } })
  }
  if (facts.fenceMayMount === false) {
    const [text, remedy] = ['files.finding.fence-rights', 'files.finding.fence-rights.remedy'] as const
    said.push({ level: 'block', text, remedy })
  }
  if (fencePassedBy.length > 0) {
    const [text, remedy] = ['files.finding.fence-passed', 'files.finding.fence-passed.remedy'] as const
    said.push({ level: 'warn', text, remedy, values: { writers: fencePassedBy.join(', ') } })
  }
  return said
}
