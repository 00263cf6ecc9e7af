#!/bin/sh
# Prints the zones that BIND serves here as a primary, the names of their update keys, and their records. Never a key's secret.
# No arguments. Changes nothing. One record a line, fields between tabs.
for main in /etc/bind/named.conf /etc/named.conf; do
  [ ! -e "$main" ] || break
done
[ -e "$main" ] || exit 0

# Statements that name zones: one a line, without comments; a key's statement is left out with its secret.
statements() {
  case $1 in *[[:cntrl:]]*) return 0 ;; esac
  [ -r "$1" ] || { printf 'unseen\t%s\n' "$1" >&2; return 0; }
  awk '
    { line = line " " $0 "\n" }
    END {
      while (match(line, /\/\*([^*]|\*+[^*\/])*\*+\//)) line = substr(line, 1, RSTART - 1) " " substr(line, RSTART + RLENGTH)
      gsub(/(\/\/|#)[^\n]*\n/, " ", line)
      gsub(/[\n\t]/, " ", line)
      depth = 0; word = ""; quote = 0
      for (i = 1; i <= length(line); i++) {
        c = substr(line, i, 1)
        if (c == "\"") quote = !quote
        if (!quote && c == "{") depth++
        if (!quote && c == "}") depth--
        if (!quote && c == ";" && depth == 0) { sub(/^ +/, "", word); print word; word = "" }
        else word = word c
      }
    }' "$1"
}

# Included files one below the other, each once; eight deep is more than any.
files=$main
seen=
depth=0
while [ -n "$files" ] && [ "$depth" -lt 8 ]; do
  next=
  for file in $files; do
    case " $seen " in *" $file "*) continue ;; esac
    seen="$seen $file"
    for included in $(statements "$file" 2>/dev/null | sed -n 's/^include  *"\([^" *?]*\)".*/\1/p'); do
      next="$next $included"
    done
  done
  files=$next
  depth=$((depth + 1))
done

directory=/var/cache/bind
for file in $seen; do
  [ -r "$file" ] || { printf 'unseen\t%s\n' "$file"; continue; }
  found=$(statements "$file" 2>/dev/null | sed -n 's/^options.*[{; ]directory  *"\([^"]*\)".*/\1/p')
  [ -z "$found" ] || directory=$found
done
for file in $seen; do
  [ -r "$file" ] || continue
  statements "$file" 2>/dev/null | sed -n \
    's/^key  *"\{0,1\}\([A-Za-z0-9._-]*\)"\{0,1\} .*algorithm  *"\{0,1\}\([A-Za-z0-9-]*\)"\{0,1\} *;.*/key\t\1\t\2/p'
  # views hold zones one level below: each zone begins a line of its own
  statements "$file" 2>/dev/null | sed -n '/^\(zone\|view\) /p' |
    sed 's/ zone  *"\([^"]*\)"\( *[A-Z]* *{\)/\nzone "\1"\2/g' | while IFS= read -r line; do
      case $line in zone\ *) ;; *) continue ;; esac
      zone=$(printf '%s\n' "$line" | sed -n 's/^zone  *"\{0,1\}\([A-Za-z0-9._-]*\)"\{0,1\} .*/\1/p')
      type=$(printf '%s\n' "$line" | sed -n 's/.*[{; ]type  *\([a-z]*\) *;.*/\1/p')
      path=$(printf '%s\n' "$line" | sed -n 's/.*[{; ]file  *"\([^"]*\)".*/\1/p')
      keys=$(printf '%s\n' "$line" | sed -n 's/.*allow-update *{[^}]*key  *"\{0,1\}\([A-Za-z0-9._-]*\)"\{0,1\}.*/\1/p; s/.*update-policy *{ *grant  *"\{0,1\}\([A-Za-z0-9._-]*\)"\{0,1\}.*/\1/p' | head -n 1)
      [ -n "$zone" ] || continue
      printf 'zone\t%s\t%s\t%s\n' "$zone" "$type" "$keys"
      case $type in primary | master) ;; *) continue ;; esac
      case $path in '') continue ;; /*) ;; *) path=$directory/$path ;; esac
      # Debian's own zones change nowhere
      case $path in /usr/share/* | /etc/bind/db.local | /etc/bind/db.127 | /etc/bind/db.0 | /etc/bind/db.255 | /etc/bind/db.empty) continue ;; esac
      if [ -r "$path" ] && command -v named-compilezone >/dev/null; then
        named-compilezone -q -k ignore -n ignore -m ignore -i none -f text -j -o - "$zone" "$path" 2>/dev/null |
          awk -v zone="$zone" '$4 ~ /^(A|AAAA|CNAME|MX|TXT|PTR|NS)$/ {
            data = $5
            for (i = 6; i <= NF; i++) data = data " " $i
            print "record\t" zone "\t" $1 "\t" $2 "\t" $4 "\t" data
          }' | head -n 2000
      else
        printf 'unseen\trecords of zone %s\n' "$zone"
      fi
    done
done
