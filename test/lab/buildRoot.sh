#!/bin/sh
# Makes a Debian root with a newer Docker Engine: `buildRoot.sh SUITE SCRIPT PACKAGES TARGET`.
# Runs in mount and PID namespaces of its own, so whatever ends it ends debootstrap and its mounts too.
set -eu
suite="$1" script="$2" packages="$3" target="$4"
mkdir -p "${target%/*}"
exec 9>"$target.lock"
flock 9
[ ! -d "$target" ] || exit 0
# Holding the lock: nobody else builds, so these are leftovers of builds that were ended.
rm -rf "$target".new-*
new="$target.new-$$"
# The empty argument is the mirror: debootstrap's own default.
debootstrap --variant=minbase --include="$packages" "$suite" "$new" "" "$script" 9>&-
rm -rf "$new"/var/cache/apt/archives/*.deb "$new"/var/lib/apt/lists/*
sync -f "$new"
mv "$new" "$target"
