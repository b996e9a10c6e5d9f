#!/bin/sh
# A server beside an engine: `beside.sh ROOT DIRECTORY COMMAND ARG...`, in a mount namespace of its own.
# The command sees ROOT, to which nothing is ever written, with DIRECTORY at its own place.
set -eu
root="$1" directory="$2"
shift 2
stage="$directory/beside.$$"
mkdir "$stage"
mount -t tmpfs -o mode=755 dne "$stage"
mkdir "$stage/upper" "$stage/work" "$stage/root"
mount -t overlay -o "lowerdir=$root,upperdir=$stage/upper,workdir=$stage/work" dne "$stage/root"
mount -t proc proc "$stage/root/proc"
mount --rbind /dev "$stage/root/dev"
mount -t tmpfs -o mode=755 dne "$stage/root/run"
mkdir -p "$stage/root/run/sshd" "$stage/root$directory"
mount --bind "$directory" "$stage/root$directory"
# Where a docker command looks for its engine, and a podman command for its.
ln -s "$directory/docker.sock" "$stage/root/run/docker.sock"
mkdir "$stage/root/run/podman"
ln -s "$directory/docker.sock" "$stage/root/run/podman/podman.sock"
exec chroot "$stage/root" "$@"
