#!/bin/sh
# Prints the trees of files that people or programs use here: NFS exports, Samba shares, rsync modules, mounted disks, /srv, /var/www.
# No arguments. Changes nothing and reads no file of a tree. One record a line: `tree`, how it is known, path, bytes of its file system.
tree() {
  path=${2%/}
  case $path in /*) ;; *) return 0 ;; esac
  case $path in *[[:cntrl:]]*) printf 'unseen\ta tree with a control character in its name\n'; return 0 ;; esac
  [ -d "$path" ] || return 0
  # only where the file system is this tree: a walk would take the night
  bytes=$(df -PB1 -- "$path" 2>/dev/null | awk -v path="$path" 'NR == 2 { at = $6; for (i = 7; i <= NF; i++) at = at " " $i; if (at == path) print $3 }')
  printf 'tree\t%s\t%s\t%s\n' "$1" "$path" "$bytes"
}
readable() {
  [ -e "$1" ] || return 1
  [ -r "$1" ] || { printf 'unseen\t%s\n' "$1"; return 1; }
}

for file in /etc/exports /etc/exports.d/*.exports; do
  readable "$file" || continue
  # the first word, or what stands in quotes; \040 is a space
  sed -n 's/^[[:space:]]*"\([^"]*\)".*/\1/p; t; s/^[[:space:]]*\(\/[^[:space:]]*\).*/\1/p' "$file" | sed 's/\\040/ /g' |
    while IFS= read -r path; do tree nfs "$path"; done
done
# homes and printers are no share of their own: neither has one path
if readable /etc/samba/smb.conf; then
  sed -n 's/^[[:space:]]*\([Pp][Aa][Tt][Hh]\|[Dd]irectory\)[[:space:]]*=[[:space:]]*\(\/.*[^[:space:]]\)[[:space:]]*$/\2/p' /etc/samba/smb.conf |
    while IFS= read -r path; do
      case $path in *%* | /var/spool/samba | /var/lib/samba/printers) continue ;; esac
      tree smb "$path"
    done
fi
for file in /etc/rsyncd.conf /etc/rsyncd.d/*.conf; do
  readable "$file" || continue
  sed -n 's/^[[:space:]]*path[[:space:]]*=[[:space:]]*\(\/.*[^[:space:]]\)[[:space:]]*$/\1/p' "$file" |
    while IFS= read -r path; do tree rsync "$path"; done
done
# disks of their own; the system's are not moved as files
awk '$3 ~ /^(ext[234]|xfs|btrfs|zfs|jfs|reiserfs)$/ { print $2 }' /proc/mounts | while IFS= read -r path; do
  path=$(printf '%b' "$path")
  case $path in / | /boot | /boot/* | /usr | /usr/* | /var | /var/log | /tmp | /var/tmp | /home | /root | /etc/* | /proc/* | /sys/* | /run/* | /dev/*) continue ;; esac
  case $path in /var/lib/postgresql* | /var/lib/docker* | /var/lib/lxc* | /var/lib/vz*) continue ;; esac
  tree mount "$path"
done
for path in /srv/* /var/www/*; do
  [ -d "$path" ] || continue
  [ ! -L "$path" ] || continue
  [ -r "$path" ] || { printf 'unseen\t%s\n' "$path"; continue; }
  [ -n "$(find "$path" -mindepth 1 -maxdepth 1 ! -name 'index*.html' -print -quit 2>/dev/null)" ] || continue
  tree folder "$path"
done
