#!/bin/sh
# Prints three lines: the names that only this tree has, the names that only the far one has (both NUL-separated, in
# base64), and how many entries this tree has. Runs at the source; the target's names cross the link packed, 100 000 of them
# in about half a megabyte.
# usage: compare-names.sh NAMES TREE LEFT_OUT WORK FAR REACH...
#   NAMES     the text of names-of-tree.sh
#   TREE      absolute path of the tree
#   LEFT_OUT  name of the directories that are no part of it
#   WORK      beginning of the paths of two working files, removed at the end
#   FAR       what prints the far tree's names, packed by gzip, when the far end's shell is given it
#   REACH     program and arguments that give FAR to the far end's shell
set -e
names=$1 tree=$2 left_out=$3 work=$4 far=$5
shift 5
trap 'rm -f "$work.here" "$work.there"' EXIT
# gzip, not an exit code behind a pipe, tells of a link that broke: what it unpacks then has no end
("$@" "$far" | gzip -dc >"$work.there") &
there=$!
sh -c "$names" names-of-tree "$tree" "$left_out" cat >"$work.here"
wait "$there"
export LC_ALL=C
comm -z -23 "$work.here" "$work.there" | base64 -w0
echo
comm -z -13 "$work.here" "$work.there" | base64 -w0
echo
tr -dc '\0' <"$work.here" | wc -c
