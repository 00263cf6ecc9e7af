#!/bin/sh
# What a safety copy needs of the host. Prints `age <version>`, `accepts <yes|no>` (of the recipient), `dump <version of pg_dump>`,
#   and `free <bytes> <device>` of each folder in turn: of the nearest that is there. Folders of one device share its bytes.
# Arguments: recipient, programs' folder, then the folders.
recipient=$1 bin=$2
shift 2
echo "age $(age --version 2>/dev/null)"
if age -r "$recipient" </dev/null >/dev/null 2>&1; then echo 'accepts yes'; else echo 'accepts no'; fi
echo "dump $("$bin/pg_dump" --version 2>/dev/null | awk '{ print $3 }')"
for folder; do
  there=$folder
  until [ -d "$there" ]; do there=$(dirname -- "$there"); done
  df --output=avail,source -B1 -- "$there" | awk 'END { $1 = $1; print "free", $0 }'
done
