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

/** Names behind numbers, for `passwd` or `group`; what has no name is omitted, with exit code 2. */
export const namesOfIds = (database: 'passwd' | 'group', ids: readonly number[]): string[] => [
  ...['getent', database, ...ids.map(String)],
]

export const rsyncVersion: Argv = ['rsync', '--version']

/** Whether one host may log in at another without being asked anything. */
export const canLogIn = (address: string): string[] => [
  ...['ssh', '-o', 'BatchMode=yes', '-o', 'ConnectTimeout=10', '--', address, 'true'],
]

/** What a tree is made of. Sizes in bytes; a file with several names counts once in them. */
export type TreeSurvey = {
  files: number
  directories: number
  symbolicLinks: number
  hardLinked: number
  devices: number
  sockets: number
  pipes: number
  bytes: number
  largestBytes: number
  /** Files whose content, owner, mode or name changed in the last 24 hours. */
  churnFiles: number
  churnBytes: number
  /** More than one: another file system is mounted inside the tree. */
  filesystems: number
  users: number[]
  groups: number[]
}

const daySeconds = 24 * 3600

/** Reads the lines of `surveyTree` as they come. `nowSeconds` is the same host's clock. */
export function treeSurveyor(nowSeconds: number) {
  const counts = { f: 0, d: 0, l: 0, b: 0, c: 0, s: 0, p: 0 }
  const sum = { hardLinked: 0, bytes: 0, largestBytes: 0, churnFiles: 0, churnBytes: 0 }
  const seen = new Set<string>()
  const devices = new Set<string>()
  const users = new Set<number>()
  const groups = new Set<number>()

  function onLine(line: string): void {
    const [type, size, links, user, group, modified, changed, device, inode] = line.split(' ')
    if (type === undefined || inode === undefined || !(type in counts)) return
    counts[type as keyof typeof counts] += 1
    users.add(Number(user))
    groups.add(Number(group))
    devices.add(String(device))
    if (type === 'f') {
      const recent = Math.max(Number(modified), Number(changed)) > nowSeconds - daySeconds
      countFile(Number(size), recent, Number(links) > 1 ? `${device}:${inode}` : undefined)
    }
  }
  function countFile(bytes: number, recent: boolean, shared: string | undefined): void {
    if (recent) sum.churnFiles += 1
    if (shared !== undefined) {
      sum.hardLinked += 1
      if (seen.has(shared)) return
      seen.add(shared)
    }
    sum.bytes += bytes
    sum.largestBytes = Math.max(sum.largestBytes, bytes)
    if (recent) sum.churnBytes += bytes
  }
  function survey(): TreeSurvey {
    return {
      files: counts.f,
      directories: counts.d,
      symbolicLinks: counts.l,
      devices: counts.b + counts.c,
      sockets: counts.s,
      pipes: counts.p,
      ...sum,
      filesystems: devices.size,
      users: inOrder(users),
      groups: inOrder(groups),
    }
  }
  return { onLine, survey }
}

const inOrder = (ids: Iterable<number>): number[] => [...ids].sort((left, right) => left - right)

/** Counts the files with ACLs and with other extended attributes in the output of `listAttributes`. */
export function parseAttributes(output: string): { acls: number; xattrs: number } {
  const entries = output.split('\n\n')
  const having = (pattern: RegExp): number => entries.filter(entry => pattern.test(entry)).length
  return { acls: having(/^system\.posix_acl/m), xattrs: having(/^(user|trusted|security)\./m) }
}

/** Names by number, from lines of passwd or group. */
export function parseNames(output: string): Map<number, string> {
  const fields = output.split('\n').map(line => line.split(':'))
  return new Map(fields.flatMap(([name, , id]) => (name && id ? [[Number(id), name] as const] : [])))
}

/** The version of rsync, e.g. `3.2.7`; null when there is none. */
export const parseVersion = (output: string): string | null =>
  /^rsync\s+version\s+v?(\d+(?:\.\d+)+)/m.exec(output)?.[1] ?? null

/** True when a version is at least `wanted`. */
export function isVersionAtLeast(version: string, wanted: string): boolean {
  const [have, want] = [version, wanted].map(text => text.split('.').map(Number))
  for (const [index, least] of (want ?? []).entries()) {
    const part = have?.[index] ?? 0
    if (part !== least) return part > least
  }
  return true
}
