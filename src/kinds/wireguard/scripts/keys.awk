# Takes the keys out of a configuration, and puts them in again. `hide` gives a line without its keys, but for a peer's PublicKey,
# and keeps them by number; `fill` is its inverse. mawk knows no intervals in patterns: the key's is put together.
# Arguments: "hide", file, 1 when its last line has no end. A full stop is added, so that the end of the last line is seen.
# Or: "fill", the file that is replaced, a file with a new key. Input: the text, and a full stop.
function hide(line,   out, cut) {
  out = ""
  if (tolower(line) ~ /^[ \t]*publickey[ \t]*=/) {
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
  while (match(line, /\((hidden-key-[0-9]+|generated-key)\)/)) {
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
}
BEGIN {
  if (ARGV[1] == "hide") {
    open = ARGV[3]
    while ((getline line < ARGV[2]) > 0) {
      if (had) print shown
      shown = hide(line)
      had = 1
    }
    if (had) printf "%s%s", shown, open ? "" : "\n"
    print "."
    exit
  }
  while ((getline line < ARGV[2]) > 0) hide(line)
  getline fresh < ARGV[3]
  while ((getline line < "-") > 0) {
    if (had) print shown
    shown = fill(line)
    had = 1
  }
  if (!had || substr(shown, length(shown)) != ".") exit 5
  printf "%s", substr(shown, 1, length(shown) - 1)
  exit
}
