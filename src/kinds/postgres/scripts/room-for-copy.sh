#!/bin/sh
# What a safety copy needs of the host. Prints `age <version>`, `accepts <yes|no>` (of the recipient), `dump <version of pg_dump>`,
#   and `free <bytes> <folder>` of each folder: of the nearest that is there.
# Arguments: recipient, programs' folder, then the folders.
recipient=$1 bin=$2
shift 2
echo "age $(age --version 2>/dev/null)"
if age -r "$recipient" </dev/null >/dev/null 2>&1; then echo 'accepts yes'; else echo 'accepts no'; fi
echo "dump $("$bin/pg_dump" --version 2>/dev/null | awk '{ print $3 }')"
for folder; do
  there=$folder
  until [ -d "$there" ]; do there=$(dirname -- "$there"); done
  echo "free $(df --output=avail -B1 -- "$there" | tail -n 1 | tr -d ' ') $folder"
done
