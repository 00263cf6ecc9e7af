/**
 * The constant shell texts that run at a gateway. Values come as arguments or on standard input, never inside the text.
 * POSIX sh with coreutils and awk (mawk knows no intervals in patterns: the key's is put together).
 */

/** `hide` gives a line without its keys, but for a peer's PublicKey, and keeps them by number; `fill` is its inverse. */
const awkKeys = `
function hide(line,   out, cut) {
  out = ""
  if (tolower(line) ~ /^[ \\t]*publickey[ \\t]*=/) {
    cut = index(line, "#")
    if (!cut) return line
    out = substr(line, 1, cut - 1)
    line = substr(line, cut)
  }
  while (match(line, key)) {
    keys[++count] = substr(line, RSTART, RLENGTH)
    out = out substr(line, 1, RSTART - 1) "(hidden-key-" count ")"
    line = substr(line, RSTART + RLENGTH)
  }
  return out line
}
function fill(line,   out, at) {
  out = ""
  while (match(line, /\\((hidden-key-[0-9]+|generated-key)\\)/)) {
    out = out substr(line, 1, RSTART - 1)
    at = substr(line, RSTART + 12, RLENGTH - 13)
    if (substr(line, RSTART, 15) == "(generated-key)") out = out fresh
    else if ((at + 0) in keys) out = out keys[at + 0]
    else { missing = 1; exit 4 }
    line = substr(line, RSTART + RLENGTH)
  }
  return out line
}
BEGIN {
  for (i = 0; i < 43; i++) key = key "[A-Za-z0-9+/]"
  key = key "="
}`

/** Arguments: file, 1 when its last line has no end. A full stop is added, so that the end of the last line is seen. */
const awkHide = `${awkKeys}
BEGIN {
  open = ARGV[2]
  while ((getline line < ARGV[1]) > 0) {
    if (had) print shown
    shown = hide(line)
    had = 1
  }
  if (had) printf "%s%s", shown, open ? "" : "\\n"
  print "."
  exit
}`

/** Arguments: the file that is replaced, a file with a new key. Input: the text, and a full stop. */
const awkFill = `${awkKeys}
BEGIN {
  while ((getline line < ARGV[1]) > 0) hide(line)
  getline fresh < ARGV[2]
  while ((getline line < "-") > 0) {
    if (had) print shown
    shown = fill(line)
    had = 1
  }
  if (!had || substr(shown, length(shown)) != ".") exit 5
  printf "%s", substr(shown, 1, length(shown) - 1)
  exit
}`

const sum = `
sum() {
  if [ -e "$1" ]; then sha256sum <"$1" | cut -c 1-64; else echo absent; fi
}`

/** Arguments: program, path. Prints "absent", or "<sha256> <mode> <user>:<group>" and the text without its keys. */
export const lookScript = `
set -eu
${sum}
s=$(sum "$2")
if [ "$s" = absent ]; then echo absent; exit 0; fi
echo "$s $(stat -c '%a %U:%G' -- "$2")"
o=0
[ "$(tail -c 1 -- "$2" | wc -l)" -eq 1 ] || o=1
exec awk "$1" "$2" "$o" </dev/null`

/**
 * Arguments: kept directory, path, words to keep with it. The first copy stays: a second attempt would only see our own
 * changes. Prints "<sha256 or absent> <words>".
 */
export const keepScript = `
set -eu
umask 077
${sum}
d=$1 p=$2 w=$3
if ! [ -e "$d/kept" ]; then
  mkdir -p -- "$d"
  [ ! -e "$p" ] || cp -p -- "$p" "$d/before"
  echo "$(sum "$p") $w" >"$d/kept.part"
  sync -- "$d"/*
  mv -f -- "$d/kept.part" "$d/kept"
  sync -- "$d"
fi
cat -- "$d/kept"`

/**
 * Arguments: program, path, SHA-256 it must have now (or absent), kept directory. Input: the text, and a full stop. Mode and
 * owner stay; a new file is root's alone. What a kill leaves beside it has one name, and goes with the next attempt. Ends with 3 when the file is another by now. Prints the new SHA-256.
 */
export const writeScript = `
set -eu
umask 077
${sum}
a=$1 p=$2 was=$3 d=$4
old=$p
[ -e "$p" ] || old=/dev/null
t=$p.bascule-new k=$d/key
rm -f -- "$t" "$k"
trap 'rm -f -- "$t" "$k"' EXIT
wg genkey >"$k"
awk "$a" "$old" "$k" >"$t"
if [ "$(sum "$p")" != "$was" ]; then echo "it was changed meanwhile" >&2; exit 3; fi
if [ -e "$p" ]; then chown --reference="$p" -- "$t"; chmod --reference="$p" -- "$t"; fi
sync -- "$t"
sum "$t" >"$d/after.part"
sync -- "$d/after.part"
mv -f -- "$d/after.part" "$d/after"
mv -fT -- "$t" "$p"
sync -- "$(dirname -- "$p")"
cat -- "$d/after"`

/**
 * Arguments: kept directory, path, "any" to put the kept copy back even over what others wrote since (theirs is kept
 * beside it). Prints nothing-kept, there, restored, or changed when it was left as others made it.
 */
export const restoreScript = `
set -eu
umask 077
${sum}
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
echo restored`

/** Argument: kept directory. The folders above it go too once they are empty. */
export const forgetScript = `
set -eu
rm -rf -- "$1"
p=$(dirname -- "$1")
rmdir -- "$p" "$(dirname -- "$p")" 2>/dev/null || :`

/** wg reads neither Address nor hooks: they are wg-quick's. With a public key in ARGV[2], of the peers that one alone. */
const awkStrip = `
function flush() {
  if (wanted) printf "%s", held
  held = ""
}
BEGIN {
  only = ARGV[2]
  wanted = 1
  while ((getline line < ARGV[1]) > 0) {
    said = line
    sub(/#.*/, "", said)
    word = tolower(said)
    gsub(/[ \\t\\r]/, "", word)
    if (word ~ /^\\[/) {
      flush()
      section = word
      wanted = section != "[peer]" || only == ""
    }
    if (section == "[interface]" && word ~ /^(address|dns|mtu|table|preup|postup|predown|postdown|saveconfig)=/) continue
    if (section == "[peer]" && word ~ /^publickey=/) {
      gsub(/[ \\t\\r]/, "", said)
      if (substr(said, 11) == only) wanted = 1
    }
    held = held said "\\n"
  }
  flush()
  exit
}`
/** Arguments: program, interface, path, public key or nothing. No file holds the text on its way. Peers that go on as they are keep their sessions. */
export const syncScript = `
set -eu
c=$(awk "$1" "$3" "$4" </dev/null)
[ -n "$c" ] || { echo "$3 is empty" >&2; exit 1; }
printf '%s\\n' "$c" | wg syncconf "$2" /dev/stdin`

export const awkPrograms = { hide: awkHide, fill: awkFill, strip: awkStrip }
