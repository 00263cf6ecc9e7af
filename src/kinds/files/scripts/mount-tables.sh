#!/bin/sh
# Prints how a tree can be reached: its path without symbolic links, what the kernel itself writes to (exports of its NFS server, files
# that are disks), and the mounts of each mount namespace of the host, its own first. Changes nothing.
# usage: mount-tables.sh TREE
# lines: tree PATH | kernel NAME PATH | process PID NAME | mount LINE (of /proc/PID/mountinfo, up to the kind of file system)
printf 'tree %s\n' "$(readlink -f -- "$1")"
# what exportfs has told the kernel; empty when the server is stopped
if [ -r /var/lib/nfs/etab ]; then sed -n '/(rw[,)]/ { s/^/kernel nfsd /; s/\t.*//; p }' /var/lib/nfs/etab; fi
for file in /sys/block/loop*/loop/backing_file; do
  device=${file%/loop/backing_file}
  if [ -r "$file" ] && [ "$(cat "$device/ro")" = 0 ]; then echo "kernel ${device##*/} $(cat "$file")"; fi
done
own=$(readlink /proc/self/ns/mnt)
table() { sed 's/^/mount /; s/ - \([^ ]*\) .*/ - \1/' "/proc/$1/mountinfo" 2>/dev/null; }
echo "process 0 -"
table self
# of each other namespace the oldest process
find /proc/[0-9]*/ns/mnt -maxdepth 0 -printf '%h %l\n' 2>/dev/null | sort -t / -k 3,3n |
  own=$own awk '$2 != "" && $2 != ENVIRON["own"] && !seen[$2]++ { split($1, part, "/"); print part[3] }' |
  while read -r process; do
    name=$(cat "/proc/$process/comm" 2>/dev/null) || continue
    printf 'process %s %s\n' "$process" "$name"
    table "$process"
  done
exit 0
