#!/bin/sh
# Takes back what nobody confirmed now instead of later: first the rules, then the timer, so that there is one until the old rules are
# back. A timer at work is waited for.
# Arguments: end-timer.sh, the directory of all loads of the component.
for a in "$2"/*; do
  [ -e "$a/timer" ] || continue
  if ! [ -e "$a/decided" ]; then
    nft -f "$a/revert.nft" || exit 1
    if mkdir -- "$a/decided" 2>/dev/null; then sh -c "$1" end-timer.sh "$a"; continue; fi
  fi
  n=0
  until [ -e "$a/confirmed" ] || [ -e "$a/reverted" ] || [ -e "$a/failed" ] || [ "$n" -ge 50 ]; do
    n=$((n + 1))
    sleep 0.1
  done
done
rm -rf -- "$2"
rmdir -- "$(dirname -- "$2")" 2>/dev/null
exit 0
