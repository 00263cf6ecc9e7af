#!/bin/sh
# Prints `<client address> <its port> <own address> <own port>` of the ssh connection that asks; nothing when there is none. sudo hides
# the variable; the connection's own process, further up, still has it. No arguments.
p=$$
while [ "$p" -gt 1 ]; do
  c=$(tr '\0' '\n' 2>/dev/null <"/proc/$p/environ" | sed -n 's/^SSH_CONNECTION=//p')
  [ -z "$c" ] || { echo "$c"; exit 0; }
  p=$(sed -n 's/^PPid:[[:space:]]*//p' "/proc/$p/status" 2>/dev/null)
  [ -n "$p" ] || exit 0
done
exit 0
