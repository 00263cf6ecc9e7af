#!/bin/sh
# Prints where configuration names an address that will change: file, line and the address with its port, nothing else of the line.
# Arguments: the addresses. Changes nothing.
[ "$#" -gt 0 ] || exit 0
pattern=
for address in "$@"; do
  escaped=$(printf '%s' "$address" | sed 's/[.]/\\./g')
  pattern="${pattern:+$pattern|}$escaped"
done
[ "$(id -u)" -eq 0 ] || printf 'unseen\tfiles of other users\n'
# one file system each: /srv may be the size of the estate, so that of data only what is named like configuration is read
{
  find /etc /opt /usr/local -xdev -type f -size -1024k ! -path '/etc/ssl/*' ! -path '/etc/letsencrypt/archive/*' 2>/dev/null
  find /srv /var/www /home -xdev -maxdepth 5 -type f -size -256k \
    \( -name '*.conf' -o -name '*.cnf' -o -name '*.ini' -o -name '*.env' -o -name '.env*' -o -name '*.y*ml' -o -name '*.toml' \
    -o -name '*.properties' -o -name 'config*.php' -o -name 'settings*.py' -o -name 'web.config' -o -name '*config*.json' \) 2>/dev/null
} | head -n 20000 | grep -v '[[:cntrl:]]' | tr '\n' '\0' |
  xargs -0 -r grep -HnoIE -- "(^|[^0-9A-Fa-f.:])($pattern)(:[0-9]{1,5})?([^0-9A-Fa-f.]|\$)" 2>/dev/null |
  awk -v pattern="($pattern)(:[0-9]+)?" '{
    # file:line:match: the match is what stands last, and what stands around the address is cut off
    if (!match($0, /:[0-9]+:/)) next
    file = substr($0, 1, RSTART - 1)
    line = substr($0, RSTART + 1, RLENGTH - 2)
    rest = substr($0, RSTART + RLENGTH)
    if (match(rest, pattern)) print "mention\t" file "\t" line "\t" substr(rest, RSTART, RLENGTH)
  }'
