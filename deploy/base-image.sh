#!/usr/bin/env bash
# Makes a base for the sandbox image on a machine that reaches no image registry: a minimal Debian 12
# with its Python 3.11. Used as `make image BASE=verifier-base:debian`. Needs root and debootstrap.
set -euo pipefail

tag=verifier-base:debian
mirror=${DEBIAN_MIRROR:-http://deb.debian.org/debian}
trusted=/etc/ssl/certs/ca-certificates.crt

if docker image inspect "$tag" >/dev/null 2>&1; then
    echo "$tag is there already"
    exit 0
fi

root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT
echo "Making $tag from $mirror (about a minute)"
if ! debootstrap --variant=minbase --include=python3,python3-pip bookworm "$root" "$mirror" >/dev/null; then
    tail -n 20 "$root/debootstrap/debootstrap.log" >&2
    exit 1
fi
rm -rf "$root"/var/cache/apt/* "$root"/var/lib/apt/lists/* "$root"/usr/share/{doc,man,locale}
if [ -f "$trusted" ]; then
    # The build downloads packages and should trust whom this machine trusts.
    install -D -m 644 "$trusted" "$root$trusted"
    printf '[global]\ncert = %s\n' "$trusted" >"$root/etc/pip.conf"
fi
tar --directory "$root" --create . | docker import --change 'CMD ["python3"]' - "$tag" >/dev/null
