/**
 * The constant shell texts that run at the gateway. Values come as arguments. Plain POSIX sh with coreutils and util-linux.
 *
 * Each load has a directory of its own: `load.nft`, `revert.nft`, the timer's pid in `timer`, and `decided`, a directory that
 * can be made once: whoever makes it, the timer or the confirmation, has won.
 */

/** Arguments: directory. */
export const recordScript = `
set -eu
umask 077
mkdir -p -- "$1"
if ! [ -e "$1/before.nft" ]; then
  nft -s list ruleset >"$1/before.tmp"
  nft -c -f "$1/before.tmp" >&2 || exit 9
  sync -- "$1/before.tmp"
  mv -fT -- "$1/before.tmp" "$1/before.nft"
  sync -- "$1"
fi
cat -- "$1/before.nft"`

/**
 * Arguments: the load's directory, the component's, seconds, family and name of our table. Should the old rules not load, ours
 * at least are taken away. A mark is left for who asks later.
 */
const timerScript = `
a=$1 d=$2 s=$3
umask 077
cd /
echo $$ >"$a/timer.tmp" && mv -fT -- "$a/timer.tmp" "$a/timer" || exit 1
sleep "$s"
mkdir -- "$a/decided" 2>/dev/null || exit 0
r=reverted
if ! nft -f "$a/revert.nft" 2>"$a/error"; then
  r=failed
  nft delete table "$4" "$5" 2>>"$a/error"
fi
date -u +%Y-%m-%dT%H:%M:%SZ >"$a/$r.tmp"
cp -- "$a/$r.tmp" "$d/reverted"
mv -fT -- "$a/$r.tmp" "$a/$r"
logger -t bascule "firewall rules taken back: no new connection within $s s" 2>/dev/null
exit 0`

/** Arguments: as of the timer. It is in a session of its own: neither a lost connection nor the end of Bascule ends it. */
export const armScript = `
set -eu
env -u BASCULE_COMMAND setsid -f sh -c '${timerScript.replaceAll("'", "'\\''")}' bascule-revert "$@" </dev/null >/dev/null 2>&1
n=0
until [ -s "$1/timer" ] && kill -0 "$(cat -- "$1/timer")" 2>/dev/null; do
  n=$((n + 1))
  [ "$n" -lt 50 ] || { echo "the timer does not start" >&2; exit 1; }
  sleep 0.1
done`

/** Argument: the load's directory. Looked at once more after the load: a machine that slept may wake up late. */
export const loadScript = `
a=$1
[ -s "$a/timer" ] && kill -0 "$(cat -- "$a/timer")" 2>/dev/null && ! [ -e "$a/decided" ] || exit 11
nft -f "$a/load.nft" || exit 1
if [ -e "$a/decided" ]; then nft -f "$a/revert.nft"; exit 11; fi
exit 0`

/** The timer is the leader of its own group; a pid that was given to another program since is left alone. */
const endTimer = `
end_timer() {
  p=$(cat -- "$1/timer" 2>/dev/null) || return 0
  tr '\\0' '\\n' 2>/dev/null <"/proc/$p/cmdline" | grep -qxF -- "$1" && kill -s TERM -- "-$p" 2>/dev/null
  return 0
}`

/** Arguments: the load's directory, the component's, family and name of our table. */
export const confirmScript = `
set -u
umask 077
a=$1 d=$2
${endTimer}
mkdir -- "$a/decided" 2>/dev/null || [ -e "$a/confirmed" ] || exit 10
: >"$a/confirmed"
end_timer "$a"
set -e
nft -s list table "$3" "$4" >"$d/loaded.tmp"
sync -- "$d/loaded.tmp"
mv -fT -- "$d/loaded.tmp" "$d/loaded.nft"
rm -f -- "$d/reverted"
sync -- "$d"
rm -rf -- "$a"`

/**
 * Argument: the directory of all loads of the component. What nobody confirmed is taken back now instead of later: first the
 * rules, then the timer, so that there is one until the old rules are back.
 */
export const takeBackScript = `
${endTimer}
for a in "$1"/*; do
  [ -e "$a/timer" ] || continue
  if ! [ -e "$a/decided" ]; then
    nft -f "$a/revert.nft" || exit 1
    if mkdir -- "$a/decided" 2>/dev/null; then end_timer "$a"; continue; fi
  fi
  n=0
  until [ -e "$a/confirmed" ] || [ -e "$a/reverted" ] || [ -e "$a/failed" ] || [ "$n" -ge 50 ]; do
    n=$((n + 1))
    sleep 0.1
  done
done
rm -rf -- "$1"
rmdir -- "$(dirname -- "$1")" 2>/dev/null
exit 0`

/** Arguments: the component's directory, that of its loads, family and name of our table. Input: the declared table. */
export const isLoadedScript = `
[ -e "$1/loaded.nft" ] || exit 1
cmp -s -- - "$1/declared.nft" || exit 1
nft -s list table "$3" "$4" 2>/dev/null | cmp -s -- - "$1/loaded.nft" || exit 1
for a in "$2"/*; do
  if [ -e "$a/timer" ] && ! [ -e "$a/decided" ]; then exit 1; fi
done
exit 0`

/** sudo hides the variable; the connection's own process, further up, still has it. */
export const askedScript = `
p=$$
while [ "$p" -gt 1 ]; do
  c=$(tr '\\0' '\\n' 2>/dev/null <"/proc/$p/environ" | sed -n 's/^SSH_CONNECTION=//p')
  [ -z "$c" ] || { echo "$c"; exit 0; }
  p=$(sed -n 's/^PPid:[[:space:]]*//p' "/proc/$p/status" 2>/dev/null)
  [ -n "$p" ] || exit 0
done
exit 0`

/** Arguments: file, directory. Keeps the file with its mode, owner and times, or that there was none. */
export const keepFileScript = `
set -eu
umask 077
mkdir -p -- "$2"
if [ -e "$2/before" ] || [ -e "$2/absent" ]; then exit 0; fi
if [ -e "$1" ]; then
  cp -aT -- "$1" "$2/before.tmp"
  sync -- "$2/before.tmp"
  mv -fT -- "$2/before.tmp" "$2/before"
else
  : >"$2/absent"
fi
sync -- "$2"`

/** Arguments: file, directory. Puts back what \`keepFileScript\` kept. */
export const putFileBackScript = `
set -eu
if [ -e "$2/before" ]; then
  t=$(mktemp -- "$1.XXXXXXXX")
  cp -aT -- "$2/before" "$t"
  sync -- "$t"
  mv -fT -- "$t" "$1"
elif [ -e "$2/absent" ]; then
  rm -f -- "$1"
fi
sync -- "$(dirname -- "$1")"`

/** Arguments: file, family and name of our table. What the gateway would have after a boot, tried where it touches nothing. */
export const bootScript = `
nft -f "$1" && nft -s list table "$2" "$3"`

/** The program may be installed where another init is at work. */
export const bootStateScript = `
[ -d /run/systemd/system ] || exit 0
systemctl is-enabled nftables.service`

/** Argument: a directory of what was kept. Its parents go with it when nothing else is kept in them. */
export const forgetScript = `
set -e
rm -rf -- "$1"
c=$(dirname -- "$1")
rmdir -- "$c" 2>/dev/null && rmdir -- "$(dirname -- "$c")" 2>/dev/null
exit 0`
