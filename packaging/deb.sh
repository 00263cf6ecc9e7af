#!/usr/bin/env bash
# Makes the .deb of a package that is ready to run.
# Arguments: the folder of the package, with its dependencies and Node; the version; the .deb to write.
# Environment: SOURCE_DATE_EPOCH (seconds), BASCULE_MAINTAINER (default: an address that takes no mail; the project has no public one).
set -euo pipefail
[[ $# -eq 3 ]] || { echo 'deb.sh: three arguments are needed' >&2; exit 2; }
package=$1 version=$2 deb=$3
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
maintainer=${BASCULE_MAINTAINER:-The authors of Bascule <bascule@localhost>}
umask 022
tree=$(mktemp -d)
trap 'rm -rf "$tree"' EXIT
chmod 755 "$tree"
share=$tree/usr/share doc=$tree/usr/share/doc/bascule lib=$tree/usr/lib/bascule
mkdir -p "$tree/DEBIAN" "$tree/usr/bin" "$lib" "$doc" "$share"/man/{man1,fr/man1} \
  "$share"/{bash-completion/completions,zsh/vendor-completions,fish/vendor_completions.d,lintian/overrides}

cp -R "$package"/{bin,dist,schema,node_modules,package.json} "$lib/"
rm -r "$lib"/dist/{man,completions}
ln -s ../lib/bascule/bin/bascule "$tree/usr/bin/bascule"
# Settings of the dependencies' own tools.
find "$lib/node_modules" -mindepth 1 -name '.*' -prune -exec rm -r {} +
# What archives of npm leave executable, or bring for other build tools.
find "$lib" -type f ! -path "$lib/bin/bascule" ! -path "$lib/node_modules/node/bin/node" -exec chmod 644 {} +

gzip -9n <"$package/dist/man/bascule.1" >"$share/man/man1/bascule.1.gz"
gzip -9n <"$package/dist/man/fr/bascule.1" >"$share/man/fr/man1/bascule.1.gz"
cp "$package/dist/completions/bascule.bash" "$share/bash-completion/completions/bascule"
cp "$package/dist/completions/bascule.zsh" "$share/zsh/vendor-completions/_bascule"
cp "$package/dist/completions/bascule.fish" "$share/fish/vendor_completions.d/bascule.fish"

cp -R "$package"/{docs,examples} "$package"/*.md "$doc/"
cp "$here/copyright" "$doc/copyright"
cp "$here/lintian-overrides" "$share/lintian/overrides/bascule"
gzip -9n >"$doc/changelog.gz" <<END
bascule ($version) unstable; urgency=medium

  * What changed stands in CHANGELOG.md in this folder.

 -- $maintainer  $(LC_ALL=C TZ=UTC date -R -d "@$SOURCE_DATE_EPOCH")
END

cat >"$tree/DEBIAN/control" <<END
Package: bascule
Version: $version
Section: admin
Priority: optional
Architecture: amd64
Maintainer: $maintainer
Installed-Size: $(du -sk --apparent-size "$tree" | cut -f1)
Depends: libc6 (>= 2.28), libgcc-s1, libstdc++6 (>= 8), openssh-client
Recommends: iproute2, iputils-ping, openssl
Suggests: bash-completion, fping
Description: migrate a data centre in one maintenance window
 Bascule moves PostgreSQL, files, virtual machines, services, VPN, firewall
 and DNS from one site to another by a plan in YAML. It audits both sites,
 copies the data in advance, rehearses, runs the cutover step by step,
 verifies it, and can roll back.
 .
 This package brings its own Node.js.
END
(cd "$tree" && find usr -type f -print0 | LC_ALL=C sort -z | xargs -0 md5sum) >"$tree/DEBIAN/md5sums"
find "$tree" -exec touch -h -d "@$SOURCE_DATE_EPOCH" {} +
# Level 2: a quarter of the time of the default, a tenth more bytes.
dpkg-deb --root-owner-group -Zxz -z2 --build "$tree" "$deb" >/dev/null
