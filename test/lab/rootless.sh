#!/bin/sh
# Becomes a rootless dockerd, inside a lab engine that stands for the machine: `rootless.sh LOG NAME UID HOME COMMAND ARG...`.
# Runs as root in the engine's namespaces; what it changes of files is in the engine's overlay, what it mounts in its mount
# namespace. The user is made there and nowhere else.
set -eu
exec >>"$1" 2>&1
name=$2 uid=$3 home=$4
shift 4

grep -q "^$name:" /etc/passwd || {
  echo "$name:x:$uid:$uid::$home:/bin/sh" >>/etc/passwd
  echo "$name:x:$uid:" >>/etc/group
  echo "$name:100000:65536" >>/etc/subuid
  echo "$name:100000:65536" >>/etc/subgid
}
# 0700, as the engine's own directory may hold what is not for others.
install -d -o "$uid" -g "$uid" -m 711 "$home" "$home/run" "$home/data"

# slirp4netns makes a tap as the user, for which the device has to be anybody's, as it is on most machines.
mkdir -p /run/dne/dev
mount -t tmpfs -o mode=755 dne /run/dne/dev
mknod -m 666 /run/dne/dev/tun c 10 200
mkdir -p /dev/net
[ -e /dev/net/tun ] || : >/dev/net/tun
mount --bind /run/dne/dev/tun /dev/net/tun

# Not --no-new-privs: newuidmap is setuid root.
exec setpriv --reuid "$uid" --regid "$uid" --clear-groups \
  env --ignore-environment --chdir "$home" HOME="$home" XDG_RUNTIME_DIR="$home/run" \
  PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin LANG=C.UTF-8 "$@"
