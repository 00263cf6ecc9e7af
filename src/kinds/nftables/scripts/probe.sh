#!/bin/bash
# Tries many targets at once from where it runs. Input: lines `tcp <address> <port>` or `icmp <address>`. Output: the same lines, each
# with ` open`, ` refused`, ` closed` or, for an echo that nothing here can send, ` unknown` at its end. A refusal means that the way is
# open. (A firewall that answers with a reset itself is not told from a host that does.) One perl opens all connections and one fping
# sends all echoes, where they are there. Else each try is a process: bash opens TCP connections by itself, so nothing need be installed
# for it. Each has a pipe of its own, so that answers do not mix; what is silent is ended by a watchdog of each wave.
# Arguments: seconds that silence is waited for, how many at a time, the text of connect.pl.
wait_seconds=$1 at_once=$2 connect=$3
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

# Prints what fping says of each address; those it does not name are closed.
echoes() {
  local line address
  local -A seen=()
  while IFS= read -r line; do
    [[ $line =~ ^([^\ ]+)\ +:\ xmt/rcv/%loss\ =\ [0-9]+/([0-9]+)/ ]] || continue
    [ "${BASH_REMATCH[2]}" -eq 0 ] || seen[${BASH_REMATCH[1]}]=1
  done < <(fping -q -c 2 -p 200 -t "$milliseconds" -- "$@" 2>&1 >/dev/null)
  for address; do
    if [ -n "${seen[$address]}" ]; then echo "icmp $address open"; else echo "icmp $address closed"; fi
  done
}

mapfile -t -u 9 all
tcp=() icmp=() others=()
for line in "${all[@]}"; do
  case $line in
    tcp*) tcp+=("$line") ;;
    *) icmp+=("${line#icmp }") ;;
  esac
done
if perl -MSocket=getaddrinfo -e 1 2>/dev/null; then
  [ "${#tcp[@]}" -eq 0 ] || printf '%s\n' "${tcp[@]}" | perl -e "$connect" "$wait_seconds" "$at_once" &
else
  others+=("${tcp[@]}")
fi
if [ "$echo_program" = fping ]; then
  [ "${#icmp[@]}" -eq 0 ] || echoes "${icmp[@]}"
else
  others+=("${icmp[@]/#/icmp }")
fi
for ((from = 0; from < ${#others[@]}; from += at_once)); do
  lines=("${others[@]:from:at_once}")
  wave
done
wait
exit 0
