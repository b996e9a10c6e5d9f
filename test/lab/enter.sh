#!/bin/sh
# The first process of a lab engine, already in network, mount and UTS namespaces of its own.
# Builds the engine's root in them and becomes dockerd: `enter.sh COMMAND ARG...`. Nothing that it mounts is seen outside.
#   DNE_CGROUP_PROCS  file to write the own pid into
#   DNE_NAME          host name
#   DNE_DIR           the engine's directory, the same path inside and outside
#   DNE_LOWER         root file system that the engine sees; it is never written to
#   DNE_REPO DNE_NODE checkout and node binary, inside at /run/dne/repo and /run/dne/bin/node for any user,
#                     the checkout at its own path too
#   DNE_OWN_CGROUPS   not empty: the process is in a cgroup namespace, and so is what it sees of cgroups
#   DNE_BINDS         more paths, one a line, inside at their own place and writable
set -eu
umask 022
echo $$ >"$DNE_CGROUP_PROCS"
echo "$DNE_NAME" >/proc/sys/kernel/hostname

stage="$DNE_DIR/stage"
mkdir -p "$stage"
mount -t tmpfs -o mode=755 dne "$stage"
mkdir "$stage/upper" "$stage/work" "$stage/root"
# An overlay: dockerd writes to /etc and /var beside its data directory, and none of that may reach the lower root.
mount -t overlay -o "lowerdir=$DNE_LOWER,upperdir=$stage/upper,workdir=$stage/work" dne "$stage/root"
root="$stage/root"

# bind SOURCE TARGET [ro]
bind() {
  if [ -d "$1" ]; then mkdir -p "$2"; else mkdir -p "${2%/*}" && : >>"$2"; fi
  mount --bind "$1" "$2"
  [ "${3-}" != ro ] || mount -o remount,bind,ro "$2"
}

mount -t proc proc "$root/proc"
# A fresh one: /sys/class/net shows the network namespace that sysfs was mounted in.
mount -t sysfs sysfs "$root/sys"
if [ -z "${DNE_OWN_CGROUPS-}" ]; then
  mount --rbind /sys/fs/cgroup "$root/sys/fs/cgroup"
else
  # In a cgroup namespace: mounted again, each hierarchy shows from the engine's own group on.
  mount -t tmpfs -o mode=755 dne "$root/sys/fs/cgroup"
  grep ' cgroup2\? rw' /proc/self/mounts | while read -r _ place type options _; do
    mkdir -p "$root$place"
    case $type in
    cgroup) mount -t cgroup -o "$options" cgroup "$root$place" ;;
    cgroup2) mount -t cgroup2 cgroup2 "$root$place" ;;
    esac
  done
fi
mount --rbind /dev "$root/dev"
mount -t tmpfs -o mode=755 dne "$root/run"
mount -t tmpfs -o mode=1777 dne "$root/tmp"
[ -e "$root/var/run" ] || ln -s /run "$root/var/run"
bind "$DNE_DIR" "$root$DNE_DIR"
bind "$DNE_REPO" "$root/run/dne/repo" ro
bind "$DNE_REPO" "$root$DNE_REPO" ro
bind "$DNE_NODE" "$root/run/dne/bin/node" ro
echo "$DNE_BINDS" | while read -r path; do
  [ -z "$path" ] || bind "$path" "$root$path"
done

# dockerd needs a real root: with chroot alone its own pivot_root fails when it unpacks an image.
cd "$root"
mkdir -p .dne-old
pivot_root . .dne-old
cd /
umount -l /.dne-old
rmdir /.dne-old
export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
exec "$@"
