#!/bin/sh
# Exit 0: what standard input declares is loaded, as it was loaded, and no timer runs.
# Arguments: the component's directory, that of its loads, family and name of our table. Input: the declared table.
[ -e "$1/loaded.nft" ] || exit 1
cmp -s -- - "$1/declared.nft" || exit 1
nft -s list table "$3" "$4" 2>/dev/null | cmp -s -- - "$1/loaded.nft" || exit 1
for a in "$2"/*; do
  if [ -e "$a/timer" ] && ! [ -e "$a/decided" ]; then exit 1; fi
done
exit 0
