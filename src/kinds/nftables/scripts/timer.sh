#!/bin/sh
# Takes a load back when nobody has confirmed it in time. Should the old rules not load, our table at least is taken away.
# A mark is left for later questions. `decided` is a directory that can be created once: this timer or the confirmation creates it, and decides.
# Arguments: the load's directory, the component's, seconds, family and name of our table.
a=$1 d=$2 s=$3
umask 077
cd /
echo $$ >"$a/timer.tmp" && mv -fT -- "$a/timer.tmp" "$a/timer" || exit 1
sleep "$s"
mkdir -- "$a/decided" 2>/dev/null || exit 0
r=reverted
if ! nft -f "$a/revert.nft" 2>"$a/error"; then
  r=failed
  nft delete table "$4" "$5" 2>>"$a/error"
fi
date -u +%Y-%m-%dT%H:%M:%SZ >"$a/$r.tmp"
cp -- "$a/$r.tmp" "$d/reverted"
mv -fT -- "$a/$r.tmp" "$a/$r"
logger -t bascule "firewall rules taken back: no new connection within $s s" 2>/dev/null
exit 0
