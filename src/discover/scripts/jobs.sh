#!/bin/sh
# Prints cron jobs, timers and running services: where they stand, when they run, as whom, and the name of the program alone.
# No arguments. Changes nothing. A command line may hold a secret: it does not leave the host.
tab=$(printf '\t')

# path, whether a user stands in each line, the user of the file
table() {
  case $1 in *[[:cntrl:]]*) printf 'unseen\ta cron table with a control character in its name\n'; return 0 ;; esac
  [ -r "$1" ] || { printf 'unseen\t%s\n' "$1"; return 0; }
  awk -v file="$1" -v has_user="$2" -v user="$3" '
    /^[ \t]*(#|$)/ || /^[ \t]*[A-Za-z_][A-Za-z0-9_]*[ \t]*=/ { next }
    {
      if ($1 ~ /^@/) { when = $1; at = 2 } else { when = $1 " " $2 " " $3 " " $4 " " $5; at = 6 }
      who = user
      if (has_user == "yes") { who = $at; at++ }
      # settings before the program may be secrets
      while (at <= NF && $at ~ /=/) at++
      program = $at
      sub(/^.*\//, "", program)
      if (program !~ /^[A-Za-z0-9_.+-]+$/) program = "-"
      print "cron\t" file "\t" NR "\t" when "\t" who "\t" program
    }' "$1"
}
[ ! -e /etc/crontab ] || table /etc/crontab yes ''
for file in /etc/cron.d/*; do
  [ ! -f "$file" ] || table "$file" yes ''
done
if [ -d /var/spool/cron/crontabs ]; then
  if [ -r /var/spool/cron/crontabs ]; then
    for file in /var/spool/cron/crontabs/*; do
      [ ! -f "$file" ] || table "$file" no "${file##*/}"
    done
  else
    printf 'unseen\tcron tables of other users\n'
  fi
fi
for file in /etc/cron.hourly/* /etc/cron.daily/* /etc/cron.weekly/* /etc/cron.monthly/*; do
  if [ ! -f "$file" ] || [ ! -x "$file" ]; then continue; fi
  case $file in *[[:cntrl:]]*) continue ;; esac
  every=${file%/*}
  printf 'cron\t%s\t0\t@%s\troot\t%s\n' "$file" "${every##*.}" "${file##*/}"
done

if [ -d /run/systemd/system ]; then
  systemctl list-units --type=timer --all --plain --no-legend --no-pager 2>/dev/null |
    awk '{ print "timer\t" $1 }'
  systemctl list-units --type=service --state=running --plain --no-legend --no-pager 2>/dev/null |
    awk '{ print "running\tsystemd:" $1 }'
fi
for directory in /etc/service/*; do
  [ -d "$directory" ] || continue
  case $directory in *[[:cntrl:]]*) continue ;; esac
  printf 'running\trunit:%s\n' "${directory##*/}"
done

# aliases of local mail, and what would answer it, are of the estate too
for file in /etc/postfix/main.cf /etc/exim4/update-exim4.conf.conf; do
  [ ! -e "$file" ] || printf 'mail\t%s\n' "$file"
done
# a package that is there has its agent there, running or not
if command -v dpkg-query >/dev/null; then
  # shellcheck disable=SC2016 # of dpkg-query
  dpkg-query -W -f '${db:Status-Abbrev}\t${Package}\n' 2>/dev/null |
    awk -F"$tab" '$1 ~ /^ii/ { print "package\t" $2 }'
fi
