#!/bin/sh
# Ends the sessions that keep snapshots, and removes everything in the work folder: nothing stays of what was not encrypted. The folder
# itself stays: only root may remove it where its parent is root's.
# Argument: the work folder.
work=$1
for kept in "$work"/snapshots/*.pid; do
  [ -f "$kept" ] || continue
  pid=$(cat -- "$kept")
  # another process may have that id by now
  tr '\0' '\n' 2>/dev/null <"/proc/$pid/cmdline" | grep -qxF "$work/snapshots/$(basename -- "$kept" .pid)" || continue
  kill -TERM "-$pid"
done
[ ! -d "$work" ] || find "$work" -ignore_readdir_race -mindepth 1 -delete
