#!/bin/sh
# Loads the rules while the timer runs. Exit 11: it does not run (any more). It is looked at once more after the load: a machine that
# slept may wake up late.
# Argument: the load's directory.
a=$1
[ -s "$a/timer" ] && kill -0 "$(cat -- "$a/timer")" 2>/dev/null && ! [ -e "$a/decided" ] || exit 11
nft -f "$a/load.nft" || exit 1
if [ -e "$a/decided" ]; then nft -f "$a/revert.nft"; exit 11; fi
exit 0
