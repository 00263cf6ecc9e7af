/** One line of `/proc/PID/mountinfo`. */
export type Mount = {
  /** The file system, as `major:minor`. */
  device: string
  /** The path inside that file system which is seen at `at`. */
  root: string
  at: string
  readOnly: boolean
  filesystem: string
  /** Peer groups: what is mounted in one of a group is mounted in all, and in those that have it as their master. */
  shared?: number
  master?: number
}
/** A mount namespace: the mounts that one of its processes sees. `pid` 0: that of the program that asks. */
export type MountSpace = { pid: number; program: string; mounts: Mount[] }
/** `pid` 0: the kernel, or no process in particular. */
export type Writer = { pid: number; program: string; path: string }
/** `kernel`: what it writes by itself, for its NFS server (`nfsd`) and for a disk that is a file (`loop0`). */
export type MountTables = { tree: string; kernel: Writer[]; spaces: MountSpace[] }

/** What `mount-tables.sh` prints. */
export function parseMountTables(output: string): MountTables {
  const tables: MountTables = { tree: '', kernel: [], spaces: [] }
  for (const line of output.split('\n')) {
    const [, word = '', rest = ''] = /^(\S+) (.*)$/.exec(line) ?? []
    const mount = word === 'mount' ? parseMount(rest) : undefined
    if (mount) tables.spaces.at(-1)?.mounts.push(mount)
    if (word === 'tree') tables.tree = rest
    const [, first = '', second = ''] = /^(\S+) (.*)$/.exec(rest) ?? []
    if (word === 'kernel') tables.kernel.push({ pid: 0, program: first, path: unescaped(second) })
    if (word === 'process') tables.spaces.push({ pid: Number(first), program: second, mounts: [] })
  }
  return tables
}

function parseMount(line: string): Mount | undefined {
  const [fields = '', filesystem = ''] = line.split(' - ')
  const [, , device, root, at, options, ...groups] = fields.split(' ')
  if (device === undefined || root === undefined || at === undefined || options === undefined)
    return undefined
  const group = (name: string): number | undefined => {
    const found = groups.find(one => one.startsWith(`${name}:`))
    return found === undefined ? undefined : Number(found.slice(name.length + 1))
  }
  const [shared, master] = [group('shared'), group('master')]
  return {
    ...{ device, root: unescaped(root), at: unescaped(at), filesystem },
    readOnly: options.split(',').includes('ro'),
    ...(shared !== undefined && { shared }),
    ...(master !== undefined && { master }),
  }
}

/** A line of the kernel's has a space as `\040`. */
const unescaped = (path: string): string =>
  path.replaceAll(/\\([0-7]{3})/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 8)))

/** A place where processes see the tree, or a part of it. */
export type Place = {
  /** 0: in the namespace of the host itself. */
  pid: number
  program: string
  path: string
  isWritable: boolean
  /** A mount made at the tree appears here too. */
  isReached: boolean
}

/** All places of the host that show the tree: its own path, a second mount of it or of a part, and those of services and containers. */
export function placesOf({ tree, spaces }: MountTables): Place[] {
  const own = spaces[0]
  const holder = own && topAt(own.mounts, tree)
  if (own === undefined || holder === undefined) return []
  const parts = [
    { device: holder.device, root: inside(holder, tree) },
    ...own.mounts.filter(({ at }) => isBelow(at, tree)),
  ]
  return spaces.flatMap(({ pid, program, mounts }) =>
    [...new Set(pathsTo(parts, mounts))].map((path): Place => {
      const { readOnly, shared, master } = topAt(mounts, path) as Mount
      const isOwn = pid === 0 && (path === tree || isBelow(path, tree))
      const isPeer = holder.shared !== undefined && [shared, master].includes(holder.shared)
      return { pid, program, path, isWritable: !readOnly, isReached: isOwn || isPeer }
    }),
  )
}

/** Where a namespace shows one of these parts, or what is below it. A mount that another covers shows nothing. */
function pathsTo(parts: readonly Pick<Mount, 'device' | 'root'>[], mounts: readonly Mount[]): string[] {
  return parts.flatMap(({ device, root }) =>
    mounts.flatMap(mount => {
      if (mount.device !== device) return []
      const seen = isBelow(mount.root, root) ? mount.root : root
      if (seen !== mount.root && !isBelow(seen, mount.root)) return []
      const path = joined(mount.at, seen.slice(mount.root === '/' ? 0 : mount.root.length))
      const top = topAt(mounts, path)
      return top?.device === device && inside(top, path) === seen ? [path] : []
    }),
  )
}

/** The mount that a path leads into: the deepest, and of several at one place the last. */
function topAt(mounts: readonly Mount[], path: string): Mount | undefined {
  return mounts.reduce<Mount | undefined>((top, mount) => {
    const leadsTo = mount.at === path || isBelow(path, mount.at)
    return leadsTo && mount.at.length >= (top?.at.length ?? 0) ? mount : top
  }, undefined)
}

/** A path of the host as one of the file system that is mounted there. */
const inside = ({ root, at }: Mount, path: string): string =>
  joined(root, path.slice(at === '/' ? 0 : at.length))

const joined = (directory: string, rest: string): string =>
  (directory === '/' ? rest : directory + (rest === '/' ? '' : rest)) || '/'

const isBelow = (path: string, directory: string): boolean =>
  path !== directory && path.startsWith(directory === '/' ? '/' : `${directory}/`)

/** Those whose place has the tree in it, or lies in it: the kernel writes by the mounts that it took before. */
export const kernelWriters = ({ tree, kernel }: MountTables): Writer[] =>
  kernel.filter(
    ({ path, program }) =>
      path === tree || isBelow(path, tree) || (program === 'nfsd' && isBelow(tree, path)),
  )
