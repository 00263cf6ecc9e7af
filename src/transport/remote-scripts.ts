import type { Argv } from '../model/io.ts'

/**
 * The constant shell texts that run at a host. Values come as arguments, never inside the text. Plain POSIX sh with
 * coreutils and util-linux; `[ -O ]` is known to dash, bash and busybox.
 *
 * A command runs in a session of its own whose leader has its id in `<directory>/<command id>.pid`. To be ended, a process must be in
 * that session and some process of the session must carry the command id, in its environment or as an argument: a reused pid is
 * never hit, nor is a daemon that the command started (it has its own session). Programs are few: on a busy host each costs
 * more than most commands themselves.
 */
const pickDirectory = `
d=/run/bascule
[ -d "$d" ] || mkdir -m 700 "$d" 2>/dev/null
if ! [ -d "$d" ] || ! [ -w "$d" ] || ! [ -O "$d" ]; then
  d="/tmp/bascule-$(id -u)"
  [ -d "$d" ] || mkdir -m 700 "$d" 2>/dev/null
  [ -O "$d" ] || { echo "bascule: $d is not ours" >&2; exit 125; }
fi`

/** What a program that itself exited with 255 is told apart by from ssh's own 255. */
export const exit255Line = 'bascule: the program exited with 255'

/** Arguments: command id, pid file without its ending, argv. `exec` runs a program even where a shell builtin has its name. */
const leaderScript = `
f=$2; shift 2
echo $$ >"$f.pid" || exit 125
if [ -e "$f.ended" ]; then rm -f "$f.pid" "$f.ended"; exit 143; fi
(exec "$@")
s=$?
rm -f "$f.pid"
[ "$s" -ne 255 ] || echo "${exit255Line}" >&2
exit "$s"`

/**
 * Arguments: leader script, command id, argv. Output is in one language, whatever the host speaks. sshd begins a session for each
 * command, whose leader this shell is where the login shell became it: there it goes on as the leader itself.
 */
const runScript = `
l=$1 i=$2; shift 2
${pickDirectory}
cd /
export BASCULE_COMMAND="$i" LC_ALL=C.UTF-8
leads() { read -r s <"/proc/$$/stat" && set -- \${s##*) } && [ "$4" = $$ ]; }
set -- "$i" "$d/$i" "$@"
if leads 2>/dev/null; then eval "$l"; else exec setsid -w sh -c "$l" bascule "$@"; fi`

/**
 * Arguments: command id, or the part of it before the dot and a dot; then 1 when it is one whole command id.
 * Prints `<session id>` of each session ended. TERM first, KILL after two seconds. When one command is not there (yet), a
 * mark is left that makes it end as soon as it starts.
 */
const endScript = `
p=$1 one=$2
${pickDirectory}
members() {
  for q in /proc/[0-9]*; do
    s=
    read -r s 2>/dev/null <"$q/stat" || continue
    set -- \${s##*) }
    [ "$4" != "$pid" ] || [ "$1" = Z ] || echo "\${q#/proc/}"
  done
}
alive() {
  for q in "$@"; do
    s=
    read -r s 2>/dev/null <"/proc/$q/stat" || continue
    set -- \${s##*) }
    [ "$1" = Z ] || return 0
  done
  return 1
}
marked() {
  for q in "$@"; do
    tr '\\0' '\\n' 2>/dev/null <"/proc/$q/environ" | grep -qxF "BASCULE_COMMAND=$id" && return 0
    # the leader, before it has begun its program
    tr '\\0' '\\n' 2>/dev/null <"/proc/$q/cmdline" | grep -qxF "$id" && return 0
  done
  return 1
}
found=
for f in "$d/$p"*.pid; do
  [ -f "$f" ] || continue
  found=1
  id=\${f##*/}; id=\${id%.pid}
  pid=$(cat "$f")
  m=$(members)
  if [ -n "$pid" ] && marked $m; then
    echo "$pid"
    kill -TERM $m 2>/dev/null
    n=0
    while [ "$n" -lt 20 ] && { alive $m || { m=$(members); [ -n "$m" ]; }; }; do
      sleep 0.1
      n=$((n + 1))
    done
    m=$(members)
    [ -z "$m" ] || kill -KILL $m 2>/dev/null
  fi
  rm -f "$f"
done
if [ -n "$one" ]; then [ -n "$found" ] || : >"$d/$p.ended"
else rm -f "$d/$p"*.ended; fi
find "$d" -name '*.ended' -mmin +60 -delete 2>/dev/null
exit 0`

/** Runs `argv` so that it can be ended by its command id. */
export function runnable(commandId: string, argv: Argv): string[] {
  // a shell would take the one for a variable, the other for an option of `exec`
  if (argv[0]?.includes('=') || argv[0]?.startsWith('-')) throw new TypeError(`${argv[0]} is not a program`)
  return ['sh', '-c', runScript, 'bascule', leaderScript, commandId, ...argv]
}
/** Ends one command. */
export const ending = (commandId: string): string[] => ['sh', '-c', endScript, 'bascule', commandId, '1']
/** Ends every command whose id begins with the key's hash. */
export const endingAll = (keyHash: string): string[] => ['sh', '-c', endScript, 'bascule', `${keyHash}.`, '']

/**
 * Arguments: path, mode, owner or nothing, size in bytes. The size is checked because a connection that breaks looks
 * like the end of the content.
 */
const writeScript = `
set -eu
umask 077
t=$(mktemp -- "$1.XXXXXXXX")
trap 'rm -f -- "$t"' EXIT
cat >"$t"
[ "$(wc -c <"$t")" -eq "$4" ] || { echo "the content came incomplete" >&2; exit 1; }
[ -z "$3" ] || chown -- "$3" "$t"
chmod -- "$2" "$t"
sync -- "$t"
mv -fT -- "$t" "$1"
trap - EXIT
sync -- "$(dirname -- "$1")"`

/** Writes standard input to a file: whole and on the disk, or not at all. */
export const writing = (
  path: string,
  mode: string,
  owner: string | undefined,
  sizeBytes: number,
): string[] => ['sh', '-c', writeScript, 'bascule', path, mode, owner ?? '', String(sizeBytes)]
