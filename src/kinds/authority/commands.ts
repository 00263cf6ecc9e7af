import { directoryOf, fileOf } from './places.ts'

/** Exit codes of the writing script, chosen among sysexits. */
export const writeExit = { refused: 75, busy: 76, unreadable: 78 } as const

/**
 * Compares and writes under a lock of the host, so that of two programs only the one with the greater number stands, and
 * numbers of two state directories are never compared: the second is refused whatever its number. Arguments: directory,
 * migration, number, site, holder, instant, lineage, and `keep` when a site that stands is kept. An empty holder or lineage
 * keeps the one that stands, and is nobody's rival. Prints what stands when it refuses.
 */
const writeScript = `
set -eu
d=$1 migration=$2 number=$3 site=$4 holder=$5 at=$6 lineage=$7 keep=$8
umask 022
mkdir -p -- "$d"
exec 9>"$d/authority.lock"
flock -w 10 9 || exit ${writeExit.busy}
f=$d/authority.json
if [ -s "$f" ]; then
  field() { sed -n "s/.*\\"$1\\":\\"*\\([^\\",}]*\\).*/\\1/p" "$f"; }
  n=$(field fencingNumber) h=$(field holder) l=$(field lineage)
  case $n in '' | *[!0-9]*) exit ${writeExit.unreadable} ;; esac
  if [ "$n" -gt "$number" ]; then cat "$f"; exit ${writeExit.refused}; fi
  if [ -n "$l" ] && [ -n "$lineage" ] && [ "$l" != "$lineage" ]; then cat "$f"; exit ${writeExit.refused}; fi
  if [ "$n" -eq "$number" ] && [ -n "$h" ] && [ -n "$holder" ] && [ "$h" != "$holder" ]; then
    cat "$f"; exit ${writeExit.refused}
  fi
  [ -z "$keep" ] || site=$(field site)
  [ -n "$holder" ] || holder=$h
  [ -n "$lineage" ] || lineage=$l
fi
printf '{"migration":"%s","fencingNumber":%s,"site":"%s","holder":"%s","at":"%s","lineage":"%s"}\\n' \\
  "$migration" "$number" "$site" "$holder" "$at" "$lineage" >"$f.new"
sync -- "$f.new"
mv -f -- "$f.new" "$f"
sync -- "$d"`

export type Writing = {
  planName: string
  fencingNumber: number
  site: string
  /** The program that holds the number. */
  holder: string
  /** Of the state directory that the number was counted in. */
  lineage: string
  at: string
  /** True: `site` counts only where nothing stands yet. */
  keepSite: boolean
}

export function write({ planName, fencingNumber, site, holder, at, lineage, keepSite }: Writing): string[] {
  const values = [planName, String(fencingNumber), site, holder, at, lineage]
  for (const value of values)
    if (/["\\,{}\p{Cc}]/u.test(value)) throw new TypeError(`${value} cannot stand in the authority file`)
  return ['sh', '-c', writeScript, 'authority', directoryOf(planName), ...values, keepSite ? 'keep' : '']
}

/** Prints nothing where nothing stands. */
export const read = (planName: string): string[] => [
  'sh',
  '-c',
  '[ ! -s "$1" ] || cat -- "$1"',
  'authority',
  fileOf(planName),
]

/** What the writing needs of a host: its programs, and a place that root may write. Prints what is missing. */
export const missingTools = (): string[] => [
  'sh',
  '-c',
  'for p in "$@"; do command -v "$p" >/dev/null || echo "$p"; done',
  'authority',
  'flock',
  'sync',
  'sed',
]
