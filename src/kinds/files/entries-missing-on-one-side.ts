import type { ChangeIo } from '../../model/io.ts'
import { quoteArgv } from '../../transport/quote.ts'
import { partialDirectory, shellArgv } from './commands.ts'
import { decodeNames } from './names.ts'
import { type TreePair, workFile } from './tree-pair.ts'

/** Names that only one end has: created or renamed, and deleted or renamed away, since both were equal. */
export type EntriesMissingOnOneSide = { onlyAtSource: string[]; onlyAtTarget: string[]; entries: number }

/** Arguments: a tree, a name to leave out. Prints the names of all entries, sorted, NUL-separated. */
const namesScript = `cd -- "$1" || exit 1
find . -mindepth 1 -name "$2" -prune -o -printf '%P\\0' | LC_ALL=C sort -z`

/**
 * Arguments: tree, name left out, prefix of two working files, the other end's command, how to reach it. Runs at the
 * source; the target's names cross the link packed, 100 000 of them in about half a megabyte. gzip, not its exit code behind a
 * pipe, tells of a link that broke: what it unpacks then has no end.
 */
const compareNamesScript = `set -e
tree=$1 left_out=$2 work=$3 far=$4; shift 4
trap 'rm -f "$work.here" "$work.there"' EXIT
("$@" "$far" | gzip -dc > "$work.there") & there=$!
(${namesScript.replace('"$1"', '"$tree"').replace('"$2"', '"$left_out"')}) > "$work.here"
wait $there
export LC_ALL=C
comm -z -23 "$work.here" "$work.there" | base64 -w0; echo
comm -z -13 "$work.here" "$work.there" | base64 -w0; echo
tr -dc '\\0' < "$work.here" | wc -c`

const farScript = `(${namesScript}) | gzip -1`

/** Reads the names of both trees, no content and no fields. Throws Failure when either cannot be walked. */
export async function entriesMissingOnOneSide(
  io: ChangeIo,
  trees: TreePair,
): Promise<EntriesMissingOnOneSide> {
  const { source, target } = trees
  const far = quoteArgv(['sh', '-c', farScript, 'bascule', target.path, partialDirectory])
  const work = workFile(trees, 'names')
  const { stdout } = await io.change(source.ssh, [
    ...['sh', '-c', compareNamesScript, 'bascule', source.path, partialDirectory, work],
    ...[target.become === 'sudo' ? `sudo -n ${far}` : far, ...shellArgv, target.address],
  ])
  const [here = '', there = '', entries = ''] = stdout.split('\n')
  return { onlyAtSource: decodeNames(here), onlyAtTarget: decodeNames(there), entries: Number(entries) }
}
