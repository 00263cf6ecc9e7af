#!/bin/sh
# Puts a kept file back. Prints nothing-kept, there, restored, or changed when it was left as others made it.
# Arguments: directory of what is kept, path, "any" to put the copy back even over what others wrote since (theirs is kept beside it).
set -eu
umask 077
sum() {
  if [ -e "$1" ]; then sha256sum <"$1" | cut -c 1-64; else echo absent; fi
}
d=$1 p=$2 any=$3
t=$p.bascule-new
rm -f -- "$t"
if ! [ -e "$d/kept" ]; then echo nothing-kept; exit 0; fi
read -r was rest <"$d/kept"
now=$(sum "$p")
if [ "$now" = "$was" ]; then echo there; exit 0; fi
if [ "$now" != "$(cat -- "$d/after" 2>/dev/null)" ]; then
  if [ "$any" != any ]; then echo changed; exit 0; fi
  [ "$now" = absent ] || cp -p -- "$p" "$d.by-hand"
fi
if [ "$was" = absent ]; then rm -f -- "$p"
else
  cp -p -- "$d/before" "$t"
  sync -- "$t"
  mv -fT -- "$t" "$p"
fi
sync -- "$(dirname -- "$p")"
echo restored
