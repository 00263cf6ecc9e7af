#!/bin/sh
# Deletes listed entries of a tree, never anything outside it. Prints how many entries were there and are gone.
# usage: xargs -0 -r sh delete-listed.sh TREE LEFT_OUT NAME... (xargs adds the names, NUL-separated on standard input)
#   TREE      absolute path of the tree
#   LEFT_OUT  name of the directories in which parts of files are kept: in no list, deleted with the directory they are in
#   NAME      entry below TREE, without a leading slash; the entries of a directory before the directory itself
# A name that is gone already is no error, so that an attempt that was cut short is simply run again. A directory is
# deleted only when nothing is left in it. Exit 1: at least one name was refused or could not be deleted (see
# standard error); the others are deleted all the same.
set -u
export LC_ALL=C
tree=$1 left_out=$2
shift 2
cd -P -- "$tree" || exit 1
root=${PWD%/}
end=0
count=0

fail() {
  printf '%s: %s\n' "$1" "$2" >&2
  end=1
}

# Enters a directory of the tree. Afterwards `./NAME` stays inside, whatever becomes of the path. Returns 1 when there
# is no such directory, 2 when a symbolic link on the way leads elsewhere.
enter() {
  cd -P -- "$root/$1" 2>/dev/null || return 1
  case $1 in
    '') [ "$PWD" = "$root" ] || [ "$PWD" = "$root/" ] || return 2 ;;
    *) [ "$PWD" = "$root/$1" ] || return 2 ;;
  esac
}

is_there() { [ -e "$1" ] || [ -L "$1" ]; }

# Arguments: entries of the current directory that are no directories. One rm for all of them.
remove() {
  [ $# -gt 0 ] || return 0
  rm -f -- "$@" || end=1
  for entry; do
    is_there "$entry" || count=$((count + 1))
  done
}

# Argument: a directory in the current directory. What is kept of files that never came whole goes with it.
remove_directory() {
  if is_there "$1/$left_out"; then
    enter "$directory${directory:+/}${1#./}" && rm -rf -- "./$left_out"
    enter "$directory" || {
      entered=no
      return 0
    }
  fi
  if rmdir -- "$1"; then count=$((count + 1)); else end=1; fi
}

first=yes
entered=no
directory=
for name; do
  # the list of the loop is made: from here on the arguments are what is still to be removed in the current directory
  if [ "$first" = yes ]; then
    set --
    first=no
  fi
  case "/$name/" in
    *//* | */./* | */../*)
      fail "$name" 'not a name inside the tree'
      continue
      ;;
  esac
  base=./${name##*/}
  parent=
  case $name in */*) parent=${name%/*} ;; esac
  if [ "$entered" != yes ] || [ "$parent" != "$directory" ]; then
    remove "$@"
    set --
    directory=$parent
    enter "$directory"
    case $? in
      0) entered=yes ;;
      1) entered=no ;; # gone, and all that was in it
      *)
        fail "$name" 'a symbolic link on the way leads out of its directory'
        entered=no
        ;;
    esac
  fi
  if [ "$entered" != yes ] || ! is_there "$base"; then continue; fi
  if [ -d "$base" ] && [ ! -L "$base" ]; then
    remove "$@"
    set --
    remove_directory "$base"
  else
    set -- "$@" "$base"
  fi
done
remove "$@"
echo "$count"
exit "$end"
