import type { Argv } from '../../model/io.ts'

/** One line an entry and no names: type, size, links, user, group, modified, changed, device, inode. */
export const surveyTree = (path: string): string[] => [
  ...['find', path, '-mindepth', '1'],
  ...['-printf', '%y %s %n %U %G %T@ %C@ %D %i\\n'],
]

/** Names in the tree with what they carry beside mode and owner: ACLs are kept by the kernel as attributes. */
export const listAttributes = (path: string): string[] => [
  ...['getfattr', '--recursive', '--no-dereference', '--absolute-names'],
  ...['--match=^(user\\.|trusted\\.|security\\.capability|system\\.posix_acl)', path],
]

/** Kind and mount point of the file system that holds a path, and what is free there. */
export const diskOf = (path: string): string[] => [
  ...['df', '--block-size=1', '--output=fstype,target,avail,iavail', '--', path],
]

/** Names behind numbers, for `passwd` or `group`; what has no name is left out, with exit code 2. */
export const namesOfIds = (database: 'passwd' | 'group', ids: readonly number[]): string[] => [
  ...['getent', database, ...ids.map(String)],
]

export const rsyncVersion: Argv = ['rsync', '--version']

/** Whether one host may log in at another without being asked anything. */
export const canLogIn = (address: string): string[] => [
  ...['ssh', '-o', 'BatchMode=yes', '-o', 'ConnectTimeout=10', '--', address, 'true'],
]
