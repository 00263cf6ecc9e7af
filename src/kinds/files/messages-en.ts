import type { Catalogue } from '../../model/text.ts'

export const english: Catalogue = {
  'files.spec.path': 'an absolute path without a closing slash, never the root itself',
  'files.unknownHost': '{{component}}: the {{side}} site has no host named {{host}}.',

  'files.first-sync.title': '{{component}}: copy, and send what changed since',
  'files.first-sync.noUndo':
    '{{path}} on {{host}} held files before anything was sent: what is ours and what is not cannot be told apart.',
  'files.first-sync.byHand': 'On {{host}}, empty the copy: find {{path}} -xdev -mindepth 1 -delete',
  'files.first-sync.kept':
    '{{path}} on {{host}} is not erased: it was not empty before the first sync, or nothing says that it was.',
  'files.first-sync.kept.remedy': 'Look at it and decide: ssh {{host}} find {{path}} -maxdepth 2',
  'files.prove.title': '{{component}}: compare every content hash ahead',
  'files.prove.noUndo':
    'It makes the copy equal to the source; erasing the copy is the undo of the first sync.',
  'files.measure-delta.title': '{{component}}: measure the final delta',
  'files.measure-delta.noUndo': 'It only reads.',
  'files.final-delta.title': '{{component}}: final delta',
  'files.final-delta.noUndo':
    'Nothing to undo: the source is untouched, and the copy stays as up to date as it is.',
  'files.compare.title': '{{component}}: compare the content hashes of what changed',
  'files.compare.noUndo': 'Nothing to undo: it makes the copy equal to the source, which is untouched.',
  'files.reverse-channel.title': '{{component}}: prove the way back',
  'files.reverse-channel.noUndo': 'It has an undo.',
  'files.reverse-channel.byHand':
    'Bring what was written at the target back to {{path}}; what it replaces is kept aside: {{command}}',

  'files.measure.deltaBytes': '{{component}}: bytes of files left to send',
  'files.measure.filesDifferent': '{{component}}: files that differ between the sites',
  'files.measure.unreadableFiles': '{{component}}: documents and videos that cannot be read',

  'files.sync.full': 'No space left while copying from {{source}} to {{target}}. {{detail}}',
  'files.sync.full.remedy':
    'Make room (ssh {{target}} df -h {{targetPath}}), then run the same command again: what has arrived is kept.',
  'files.sync.refused': '{{source}} may not log in at {{target}}. {{detail}}',
  'files.sync.refused.remedy':
    'Try it until it answers nothing: ssh {{source}} ssh -o BatchMode=yes {{address}} true',
  'files.sync.deletions': 'The sync was stopped: it would delete too much of the copy. {{detail}}',
  'files.sync.deletions.remedy':
    'Look whether the source is whole (ssh {{source}} ls {{sourcePath}}); if it is, raise maxDeletePercent, now {{maxDeletePercent}}.',
  'files.sync.missing': 'rsync is missing on {{source}} or {{target}}. {{detail}}',
  'files.sync.missing.remedy': 'Install it on both: apt install rsync',
  'files.sync.link': 'The connection from {{source}} to {{target}} was lost (rsync {{exitCode}}). {{detail}}',
  'files.sync.link.remedy':
    'Try it (ssh {{source}} ssh {{address}} true), then run the same command again: it goes on where it stopped.',
  'files.sync.partial': 'Some entries could not be copied from {{source}} to {{target}}. {{detail}}',
  'files.sync.partial.remedy':
    'Repair what is named (rights, damaged disk, attributes that {{targetPath}} cannot hold), then run the same command again.',
  'files.sync.failed': 'rsync from {{source}} to {{target}} ended with code {{exitCode}}. {{detail}}',
  'files.sync.failed.remedy':
    'Read its manual on that code (ssh {{source}} man rsync), then run the same command again.',

  'files.guard.missing': 'There is no {{path}} on {{host}}.',
  'files.guard.empty':
    '{{path}} on {{host}} is empty: nothing is copied from it, the other end would be emptied too.',
  'files.guard.look': 'Look whether it is mounted: ssh {{host}} findmnt -T {{path}}',
  'files.guard.unmounted': '{{path}} on {{host}} was on the disk mounted at {{was}}; now it is on {{is}}.',
  'files.guard.mount': 'Mount it again: ssh {{host}} mount {{was}}',
  'files.guard.deletions':
    'The sync would delete {{count}} entries of {{path}} on {{target}}; at most {{most}} are allowed ({{percent}} %).',
  'files.guard.deletions.remedy':
    'Look whether the source is whole (ssh {{source}} ls {{path}}); if it is, raise maxDeletePercent in the plan.',

  'files.changes.unlisted':
    '{{path}} on {{host}} cannot be walked whole: what is not seen is not equal. {{detail}}',
  'files.changes.unlisted.remedy': 'See what cannot be read: ssh {{host}} find {{path}}',
  'files.reverse.notProven': 'The marker written on {{target}} did not arrive on {{source}} as it was.',
  'files.reverse.notProven.remedy':
    'Try the connection: ssh {{source}} ssh -o BatchMode=yes {{address}} true',
  'files.handBack.different':
    '{{count}} files brought back to {{source}} are not what the target holds: {{examples}}',
  'files.handBack.different.remedy': 'Run the rollback again; nothing at the target has been changed.',

  'files.finding.source-missing': 'There is no {{sourcePath}} on {{source}}.',
  'files.finding.source-missing.remedy': 'Correct the path in the plan, or mount it: ssh {{source}} findmnt',
  'files.finding.source-empty': '{{sourcePath}} on {{source}} is empty.',
  'files.finding.source-empty.remedy': 'Look whether it is mounted: ssh {{source}} findmnt -T {{sourcePath}}',
  'files.finding.volume': '{{files}} files, {{gigabytes}} GB; the first sync should take {{minutes}} min.',
  'files.finding.declared-size': '{{gigabytes}} GB measured; the plan declares {{from}} to {{to}} GB.',
  'files.finding.declared-size.remedy': 'Correct declaredSize in the plan: durations are computed from it.',
  'files.finding.unreadable': '{{count}} documents are already unreadable at the source: {{examples}}',
  'files.finding.unreadable.remedy':
    'Repair or remove them now: on the night they would be taken for damage.',
  'files.finding.nested-mounts':
    'Another file system is mounted inside {{sourcePath}}: it would be copied too.',
  'files.finding.nested-mounts.remedy':
    'If it should stay behind, add it to exclude: ssh {{source}} findmnt -R {{sourcePath}}',
  'files.finding.special-files': '{{count}} devices, sockets or pipes in the tree.',
  'files.finding.special-files.remedy':
    'See whether they belong there: ssh {{source}} find {{sourcePath}} -type b -o -type c -o -type s -o -type p',
  'files.finding.no-rsync-source': 'rsync is not installed on {{source}}.',
  'files.finding.no-rsync-source.remedy': 'ssh {{source}} apt install rsync',
  'files.finding.no-rsync-target': 'rsync is not installed on {{target}}.',
  'files.finding.no-rsync-target.remedy': 'ssh {{target}} apt install rsync',
  'files.finding.old-rsync-source': 'rsync {{version}} on {{source}} is too old: {{oldest}} at least.',
  'files.finding.old-rsync-source.remedy': 'ssh {{source}} apt install rsync',
  'files.finding.old-rsync-target': 'rsync {{version}} on {{target}} is too old: {{oldest}} at least.',
  'files.finding.old-rsync-target.remedy': 'ssh {{target}} apt install rsync',
  'files.finding.no-login':
    '{{source}} cannot log in at {{target}} ({{address}}) without being asked. {{detail}}',
  'files.finding.no-login.remedy':
    'Give it a key and make the host key known, until this answers nothing: ssh {{source}} ssh -o BatchMode=yes {{address}} true',
  'files.finding.target-foreign': '{{targetPath}} on {{target}} already holds files that are not ours.',
  'files.finding.target-foreign.remedy':
    'The first sync would delete what the source does not have, and could not be undone: move them away first.',
  'files.finding.no-space': '{{free}} GB free at the target, {{needed}} GB needed.',
  'files.finding.no-space.remedy': 'Make room: ssh {{target}} df -h {{targetPath}}',
  'files.finding.no-inodes': '{{free}} inodes free at the target, {{needed}} needed.',
  'files.finding.no-inodes.remedy':
    'Make the file system again with more inodes: ssh {{target}} df -i {{targetPath}}',
  'files.finding.filesystem':
    'The target is on {{filesystem}}, which may not keep owners, ACLs or change times.',
  'files.finding.filesystem.remedy':
    'Use a local ext4, XFS, Btrfs or ZFS at {{targetPath}}, or drop what it cannot keep from preserve.',
  'files.finding.attributes-unknown':
    'Nobody knows whether the tree has ACLs or attributes: {{source}} has no getfattr.',
  'files.finding.attributes-unknown.remedy': 'ssh {{source}} apt install attr, then audit again.',
  'files.finding.dropped-acls': '{{count}} entries have ACLs, which the plan does not keep.',
  'files.finding.dropped-acls.remedy': 'Set preserve.acls: true in the plan.',
  'files.finding.dropped-xattrs': '{{count}} entries have extended attributes, which the plan does not keep.',
  'files.finding.dropped-xattrs.remedy': 'Set preserve.xattrs: true in the plan.',
  'files.finding.dropped-hardLinked':
    '{{count}} names share their file with another; the plan would copy each apart.',
  'files.finding.dropped-hardLinked.remedy': 'Set preserve.hardLinks: true in the plan.',
  'files.finding.unlikeUsers': 'User numbers that mean someone else at the target: {{names}}',
  'files.finding.unlikeUsers.remedy':
    'Numbers are copied as they are: give these users the same number on {{target}}.',
  'files.finding.unlikeGroups': 'Group numbers that mean another group at the target: {{names}}',
  'files.finding.unlikeGroups.remedy':
    'Numbers are copied as they are: give these groups the same number on {{target}}.',
}
