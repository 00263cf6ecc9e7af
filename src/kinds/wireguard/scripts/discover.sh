#!/bin/sh
# Prints the WireGuard interfaces of this host: port, addresses, how many clients and their networks. Never a key.
# No arguments. Changes nothing. One record a line, fields between tabs.
tab=$(printf '\t')
if [ -d /etc/wireguard ] && ! [ -r /etc/wireguard ]; then printf 'unseen\t/etc/wireguard\n'; fi
for file in /etc/wireguard/*.conf; do
  [ -f "$file" ] || continue
  case $file in *[[:cntrl:]]*) continue ;; esac
  [ -r "$file" ] || { printf 'unseen\t%s\n' "$file"; continue; }
  awk -v file="$file" '
    BEGIN { name = file; sub(/^.*\//, "", name); sub(/\.conf$/, "", name); print "config\t" name "\t" file }
    { gsub(/\t/, " "); key = tolower($0); sub(/[ ]*=.*/, "", key); sub(/^ +/, "", key); value = $0; sub(/^[^=]*=[ ]*/, "", value); sub(/ *#.*$/, "", value) }
    key == "listenport" { print "port\t" name "\t" value }
    key == "address" { print "address\t" name "\t" value }
    key == "allowedips" { print "client\t" name "\t" value }' "$file"
done
if command -v wg >/dev/null; then
  # `dump` would print the private key
  wg show all listen-port 2>/dev/null | while IFS=$tab read -r interface port; do
    printf 'running\t%s\t%s\n' "$interface" "$port"
  done
fi
