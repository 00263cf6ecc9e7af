#!/bin/sh
# Prints the SHA-256 of the sorted list of all entries of a tree: name, kind, size, time, mode, owners, link.
# No content is read: 0.5 s for 100 000 entries. A directory's own size says nothing and is omitted.
# usage: manifest.sh TREE LEFT_OUT
#   TREE      absolute path of the tree
#   LEFT_OUT  name of the directories that are no part of it
cd -- "$1" || exit 1
find . -mindepth 1 -name "$2" -prune -o \
  -type d -printf '%P\t%y\t%T@\t%m\t%U\t%G\0' -o \
  -printf '%P\t%y\t%s\t%T@\t%m\t%U\t%G\t%l\0' | LC_ALL=C sort -z | sha256sum
