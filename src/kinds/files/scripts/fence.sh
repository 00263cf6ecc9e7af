#!/bin/sh
# Makes a tree read-only for everybody on the host, by a mount of the tree over itself, and takes that away again. Neither fstab nor
# systemd is told of it: a host that restarts in the night must come up as it always did. `put` puts it back then.
# usage: fence.sh VERB TREE NOTE [PROGRAM [ARGUMENT]...]
#   VERB   put      makes the tree read-only; what is mounted in it, too
#          state    prints `put`, `gone` (it was put, and the tree can be written) or `none`
#          lift     makes the tree as it was
#          through  runs PROGRAM, for which alone the tree can be written
#   NOTE   file of the fence, made here: the number of mounts at the tree before it, then what it has made read-only, one path a line
set -eu
verb=$1 note=$3
tree=$(readlink -f -- "$2") || tree=$2
shift 3
# The mount is made read-only before it is at the tree: whoever gets it by propagation gets it read-only, for `remount` has none.
stage=$note.stage

# As /proc/self/mountinfo writes a path, and back.
escaped() { printf '%s' "$1" | sed 's/\\/\\134/g; s/ /\\040/g; s/\t/\\011/g'; }
plain() { printf '%b' "$(printf '%s' "$1" | sed 's/\\/\\0/g')"; }
count() { at=$(escaped "$1") awk '$5 == ENVIRON["at"] { count++ } END { print count + 0 }' /proc/self/mountinfo; }
is_put() { [ -f "$note" ] && [ "$(count "$tree")" -gt "$(head -n 1 -- "$note")" ]; }

clear_stage() {
  while [ "$(count "$stage")" -gt 0 ]; do
    # else what is unmounted here would be unmounted at the tree as well
    mount --make-rprivate "$stage"
    umount -R "$stage" 2>/dev/null || umount -R -l "$stage"
  done
  [ ! -d "$stage" ] || rmdir -- "$stage"
}

put() {
  if is_put && [ -w "$tree" ]; then lift; fi
  if ! is_put; then
    clear_stage
    # shellcheck disable=SC2174 # the directory above is not ours alone
    mkdir -p -m 0700 -- "${note%/*}"
    mkdir -m 0700 -- "$stage"
    count "$tree" >"$note.new"
    mount --rbind "$tree" "$stage"
    mount --make-rprivate "$stage"
    at=$(escaped "$stage") awk '$5 == ENVIRON["at"] || index($5, ENVIRON["at"] "/") == 1 {
      if ($6 ~ /^rw(,|$)/) print "." substr($5, length(ENVIRON["at"]) + 1)
    }' /proc/self/mountinfo >>"$note.new"
    sed 1d "$note.new" | while read -r below; do
      mount -o remount,bind,ro "$stage$(plain "${below#.}")"
    done
    mv -- "$note.new" "$note"
    mount --rbind "$stage" "$tree"
  fi
  clear_stage
  [ ! -w "$tree" ] || { echo "$tree can still be written" >&2; exit 1; }
}

lift() {
  clear_stage
  while is_put; do
    # Who came meanwhile and stays in a directory of it holds this mount, and shall write again.
    sed 1d "$note" | while read -r below; do
      mount -o remount,bind,rw "$tree$(plain "${below#.}")" 2>/dev/null || true
    done
    umount -R "$tree" 2>/dev/null || umount -R -l "$tree"
  done
  rm -f -- "$note" "$note.new"
}

case $verb in
  put) put ;;
  lift) lift ;;
  state)
    if [ ! -f "$note" ]; then echo none; elif is_put && [ ! -w "$tree" ]; then echo put; else echo gone; fi
    ;;
  through)
    is_put || exec "$@"
    paths=0
    {
      read -r _
      while read -r below; do
        set -- "$tree$(plain "${below#.}")" "$@"
        paths=$((paths + 1))
      done
    } <"$note"
    # In mounts of its own, which end with the program: nobody else sees the tree writable, and nothing is left when it is killed.
    # shellcheck disable=SC2016
    exec unshare --mount --propagation private sh -c '
      left=$1
      shift
      while [ "$left" -gt 0 ]; do mount -o remount,bind,rw "$1"; shift; left=$((left - 1)); done
      exec "$@"' fence.sh "$paths" "$@"
    ;;
esac
