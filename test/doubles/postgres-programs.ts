import type { Argv, CommandResult } from '../../src/model/io.ts'
import type { PostgresCluster } from './postgres-cluster.ts'
import type { PostgresClusters } from './postgres-clusters.ts'
import { DataDirectory, lsnOf } from './postgres-directory.ts'

type Answer = Partial<CommandResult>
type Program = (at: PostgresCluster, rest: readonly string[], clusters: PostgresClusters) => Answer

const failed = (stderr: string, exitCode = 1): Answer => ({ exitCode, stderr: `${stderr}\n` })
const option = (argv: Argv, name: string): string =>
  argv.find(word => word.startsWith(`--${name}=`))?.slice(name.length + 3) ?? ''

/** A command at the host of a cluster. Throws for one that no host was ever asked. */
export function run(at: PostgresCluster, argv: Argv, clusters: PostgresClusters): CommandResult {
  const words = argv[0] === 'env' ? argv.slice(2) : argv
  const name = words[0]?.split('/').at(-1) ?? ''
  const program = programs[name]
  if (program === undefined) throw new Error(`no program stands for ${argv.join(' ')}`)
  return { exitCode: 0, stdout: '', stderr: '', ...program(at, words.slice(1), clusters) }
}

const programs: Record<string, Program> = {
  pg_ctlcluster(at, [, , verb, , mode], clusters) {
    if (verb === 'stop') {
      if (at.server === undefined) return failed('Error: the cluster is not running', 2)
      clusters.stop(at, mode as 'fast' | 'immediate')
      return {}
    }
    if (at.server !== undefined) return failed('Error: the cluster is already running', 2)
    const refused = at.start()
    return refused === undefined ? {} : failed(refused)
  },
  pg_ctl: at => (at.server ? {} : { exitCode: at.hasData ? 3 : 4 }),
  pg_conftool(at, [, version, , , name]) {
    if (version !== '15') return failed('Error: the cluster does not exist')
    const paths = { data_directory: at.dataPath, hba_file: at.hbaPath, ssl_cert_file: at.certificatePath }
    return { stdout: `${(paths as Record<string, string>)[name ?? '']}\n` }
  },
  pg_controldata(at) {
    if (!at.hasData) return failed('pg_controldata: error: could not open file "global/pg_control"')
    const { state, identifier, checkpoint, seen } = at.data
    const lines = {
      'Database system identifier': identifier,
      'Database cluster state': state,
      'Latest checkpoint location': lsnOf(checkpoint.start),
      "Latest checkpoint's TimeLineID": checkpoint.timeline,
      "Min recovery ending loc's timeline": /recovery/.test(state) ? seen.timeline : 0,
    }
    return {
      stdout: Object.entries(lines)
        .map(([name, value]) => `${name}:   ${value}\n`)
        .join(''),
    }
  },
  pg_basebackup(at, rest, clusters) {
    const path = option(rest, 'pgdata')
    if (at.directories.get(path) !== 'empty') return failed(`error: directory "${path}" is not empty`)
    const conninfo = option(rest, 'dbname')
    const primary = clusters.connects(at, conninfo, 'replication')
    if (typeof primary === 'string') return failed(primary)
    if (clusters.fullDisk === at) return failed('error: could not write to file: No space left on device')
    if (primary.data.slots.get(option(rest, 'slot'))?.lost !== false)
      return failed(`error: replication slot "${option(rest, 'slot')}" does not exist`)
    primary.data.append('checkpoint')
    const copy = new DataDirectory(primary.data.identifier, primary.data.log)
    copy.copyOf(primary.data)
    at.directories.set(path, copy)
    return {}
  },
  pg_rewind(at, rest, clusters) {
    if (at.server !== undefined) return failed('pg_rewind: fatal: target server must be shut down cleanly')
    const primary = clusters.connects(at, option(rest, 'source-server'), 'postgres')
    if (typeof primary === 'string') return failed(primary)
    if (!/^shut down/.test(at.data.state)) {
      if (at.data.files.has('standby.signal'))
        return failed('pg_rewind: error: postgres single-user mode failed')
      at.data.recoverAlone()
    }
    const [own, other] = [at.data, primary.data]
    if (own.checkpoint.timeline === other.checkpoint.timeline)
      return { stderr: 'pg_rewind: no rewind required\n' }
    if (clusters.lostLog)
      return failed('pg_rewind: error: could not open file "pg_wal/000000010000000000000002"')
    own.copyOf(other)
    own.state = 'in archive recovery'
    return { stderr: 'pg_rewind: Done!\n' }
  },
  postgres(at) {
    if (at.server !== undefined || at.data.files.has('standby.signal'))
      return failed('FATAL: standby mode is not supported by single-user servers')
    at.data.recoverAlone()
    return {}
  },
  getconf: at => ({ stdout: `${at.facts.glibc}\n` }),
  locale: at => ({ stdout: `${at.locales.join('\n')}\n` }),
  df: at => ({ stdout: `Avail\n${at.facts.free}\n` }),
  readlink: (at, [, , path = '']) => (at.hasData ? { stdout: `${path}\n` } : { exitCode: 1 }),
  grep: () => ({ stdout: "800:include_dir = 'conf.d'\n" }),
  find: (at, [, , pattern = '']) => ({
    stdout: at.packages
      .filter(name => name.endsWith(pattern.slice(1)))
      .map(name => `${name}\n`)
      .join(''),
  }),
  test: (at, [, path = '']) => ({ exitCode: exists(at, path) ? 0 : 1 }),
  cat(at, [, path = '']) {
    const text = at.files.get(path)
    return text === undefined ? failed(`cat: ${path}: No such file or directory`) : { stdout: text }
  },
  ls: at => ({
    stdout: Object.values(at.data.content.databases)
      .map(({ oid }) => `${oid}\n`)
      .join(''),
  }),
  mv(at, [, , from = '', to = '']) {
    const moved = at.directories.get(from)
    if (moved === undefined || at.directories.has(to)) return failed(`mv: cannot move '${from}' to '${to}'`)
    at.directories.delete(from)
    at.directories.set(to, moved)
    return {}
  },
  rm(at, [, , path = '']) {
    at.files.delete(path)
    at.directories.delete(path)
    inData(at, path, (data, name) => data.files.delete(name))
    return {}
  },
  install(at, rest) {
    const path = rest.at(-1) ?? ''
    if (!at.directories.has(path)) at.directories.set(path, 'empty')
    return {}
  },
}

export function writeFile(at: PostgresCluster, path: string, content: string): void {
  if (inData(at, path, (data, name) => data.files.set(name, content)) === undefined)
    at.files.set(path, content)
}

function exists(at: PostgresCluster, path: string): boolean {
  if (at.files.has(path) || at.directories.has(path)) return true
  return (
    inData(at, path, (data, name) => ['base', 'global/pg_control'].includes(name) || data.files.has(name)) ??
    false
  )
}

/** Undefined for a path that is in no data directory. */
function inData<Found>(
  at: PostgresCluster,
  path: string,
  work: (data: DataDirectory, name: string) => Found,
): Found | undefined {
  for (const [directory, data] of at.directories)
    if (path.startsWith(`${directory}/`) && data !== 'empty')
      return work(data, path.slice(directory.length + 1))
  return undefined
}
