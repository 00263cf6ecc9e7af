#!/bin/bash
# Tries many targets at once from where it runs; bash opens TCP connections by itself, so nothing need be installed for it. Input: lines
# `tcp <address> <port>` or `icmp <address>`. Output: the same lines, each with ` open`, ` refused`, ` closed` or, for an echo that nothing
# here can send, ` unknown` at its end. A refusal means that the way is open. (A firewall that answers with a reset itself is not told from
# a host that does.) Each try has a pipe of its own, so that answers do not mix; what is silent is ended by a watchdog of each wave.
# Arguments: seconds that silence is waited for, how many at a time.
wait_seconds=$1 at_once=$2
exec 9<&0 </dev/null
echo_program=
for p in fping ping; do command -v "$p" >/dev/null 2>&1 && { echo_program=$p; break; }; done

try() {
  case $1 in
    tcp) exec 2>&1 3<>"/dev/tcp/$2/$3" && echo connected ;;
    icmp)
      case $echo_program in
        fping) fping -q -c 2 -p 200 -t "$milliseconds" "$2" >/dev/null 2>&1 && echo connected ;;
        ping) ping -n -q -c 2 -i 0.2 -W "$whole_seconds" "$2" >/dev/null 2>&1 && echo connected ;;
        *) echo unknown ;;
      esac ;;
  esac
}
whole_seconds=$((${wait_seconds%.*} + 1))
milliseconds=$((whole_seconds * 1000))

wave() {
  local i text result watchdog
  local -a pipes=() pids=()
  for i in "${!lines[@]}"; do
    # shellcheck disable=SC2086 # the words of a line are the arguments
    exec {pipe}< <(try ${lines[i]} 9<&-)
    pipes[i]=$pipe pids[i]=$!
  done
  { sleep "$wait_seconds"; kill -KILL "${pids[@]}"; } >/dev/null 2>&1 &
  watchdog=$!
  for i in "${!lines[@]}"; do
    IFS= read -r -d '' -u "${pipes[i]}" text
    # shellcheck disable=SC1083,SC2093 # closes the descriptor of this number
    exec {pipes[i]}<&-
    case $text in
      connected*) result=open ;;
      unknown*) result=unknown ;;
      *refused*) result=refused ;;
      *) result=closed ;;
    esac
    echo "${lines[i]} $result"
  done
  pkill -KILL -P "$watchdog" 2>/dev/null
  kill -KILL "$watchdog" 2>/dev/null
  wait 2>/dev/null
}

while mapfile -t -n "$at_once" -u 9 lines && [ "${#lines[@]}" -gt 0 ]; do wave; done
exit 0
