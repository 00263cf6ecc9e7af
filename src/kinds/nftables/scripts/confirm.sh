#!/bin/sh
# Keeps a load in force and ends its timer. Exit 10: too late, the timer has taken the load back.
# Arguments: end-timer.sh, the load's directory, the component's, family and name of our table.
set -u
umask 077
end_timer=$1 a=$2 d=$3
mkdir -- "$a/decided" 2>/dev/null || [ -e "$a/confirmed" ] || exit 10
: >"$a/confirmed"
sh -c "$end_timer" end-timer.sh "$a"
set -e
nft -s list table "$4" "$5" >"$d/loaded.tmp"
sync -- "$d/loaded.tmp"
mv -fT -- "$d/loaded.tmp" "$d/loaded.nft"
rm -f -- "$d/reverted"
sync -- "$d"
rm -rf -- "$a"
