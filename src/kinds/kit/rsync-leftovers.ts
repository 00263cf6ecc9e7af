import type { ChangeIo } from '../../model/io.ts'

/**
 * Ends, at the receiving end, an rsync that waits for a sender long gone: where a line is lost, nobody tells it. It keeps what
 * it has received, so that the next attempt goes on from there; left alone it would hold that back, and might still write when the
 * line returns. Known by what it receives into: its directory is the tree, or it has the file open.
 *
 * Argument: the tree or the file. Prints the id of each process ended. Fails when one has not ended after ten seconds.
 */
const script = `
path=$(readlink -f -- "$1") || exit 0
receives() {
  [ "$(cat "$1/comm" 2>/dev/null)" = rsync ] || return 1
  words=" $(tr '\\0' ' ' 2>/dev/null <"$1/cmdline")"
  case $words in *" --sender "*) return 1 ;; *" --server "*) ;; *) return 1 ;; esac
  if [ -d "$path" ]; then [ "$(readlink "$1/cwd")" = "$path" ]; return; fi
  for open in "$1"/fd/*; do [ "$(readlink "$open")" != "$path" ] || return 0; done
  return 1
}
found=
for process in /proc/[0-9]*; do
  receives "$process" || continue
  kill -TERM "\${process#/proc/}" 2>/dev/null || continue
  echo "\${process#/proc/}"
  found="$found $process"
done
for process in $found; do
  tries=0
  while receives "$process"; do
    tries=$((tries + 1))
    [ "$tries" -lt 100 ] || { echo "rsync \${process#/proc/} does not end" >&2; exit 1; }
    sleep 0.1
  done
done`

/** `host`: ssh name of the receiving end. Throws Failure when a process does not end. */
export async function endLeftovers(io: ChangeIo, host: string, path: string): Promise<void> {
  await io.change(host, ['sh', '-c', script, 'bascule', path])
}
