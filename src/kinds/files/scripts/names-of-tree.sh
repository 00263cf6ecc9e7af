#!/bin/sh
# Prints the names of all entries of a tree, sorted, NUL-separated.
# usage: names-of-tree.sh TREE LEFT_OUT PACKER [ARGUMENT]...
#   TREE      absolute path of the tree
#   LEFT_OUT  name of the directories that are no part of it
#   PACKER    the names go through this program (cat: as they are)
cd -- "$1" || exit 1
left_out=$2
shift 2
find . -mindepth 1 -name "$left_out" -prune -o -printf '%P\0' | LC_ALL=C sort -z | "$@"
