import { randomBytes } from 'node:crypto';

/**
 * What is run on the engine's machine: POSIX `sh` with its builtins, and `cat`. `ip`, `od`, `hexdump` and `ls` add to it where
 * they are there. Nothing of a container or of the kernel is ever part of the text: PIDs are arguments, contents of
 * files go through `cat`, names are quoted.
 *
 * A word that nobody could know before stands before each part of the answer, so no file can forge one. Starting `cat`
 * for each file would take a second for 100 containers, so one `cat` prints many, and between them a file that has just
 * that word in it: the shell's own name, which it may choose (`comm_write`, fs/proc/base.c; at most 15 characters).
 */
const common = `
exec 2>/dev/null
mark=$1
shift
cut=/proc/$$/comm
printf %s "$mark" >$cut
read -r name <$cut
show() {
  if [ "$name" = "$mark" ]; then
    cat "$@"
    return
  fi
  for file do
    case $file in
      $cut) printf '%s\\n' "$mark" ;;
      *) cat "$file" ;;
    esac
  done
}
`;

/** Files of a network namespace below `net` of a process; in the order in which they are printed. */
export const tableNames = ['dev', 'route', 'fib_trie', 'if_inet6', 'ipv6_route', 'igmp', 'dev_mcast'] as const;

/** Files of a link in `/sys/class/net`, in the order in which they are printed. */
export const containerLinkFiles = ['uevent', 'iflink', 'address', 'mtu', 'operstate'] as const;
export const hostLinkFiles = [
  ...containerLinkFiles,
  'type',
  'flags',
  'bridge/bridge_id',
  'bridge/stp_state',
  'brport/port_no',
  'master/uevent',
] as const;

/** Arguments for `show`. */
const withCuts = (directory: string, files: readonly string[]): string =>
  files.map((file) => `"${directory}/${file}" $cut`).join(' ');

/** Links of which the values are printed by one `cat`. */
const linksAtOnce = 32;

/**
 * flanneld's file, as the machine's first process sees it; where that is in another network namespace, as the engine does
 * (any process may call itself dockerd, but one of a container is mostly in another PID namespace). No symlink is followed:
 * an absolute one leads to a file of the helper's image. More lines than these flanneld never wrote.
 */
const flannel = `
flannel() {
  run=$1/root/run
  [ -L $run ] || [ -L $run/flannel ] || [ -L $run/flannel/subnet.env ] && return 1
  [ -f $run/flannel/subnet.env ] || return 1
  printf '%s flannel\\n' "$mark"
  left=16
  while [ $left -gt 0 ] && read -r line; do
    printf '%s\\n' "$line"
    left=$((left - 1))
  done <$run/flannel/subnet.env
}
`;

/**
 * The engine's namespace is the one that this runs in. `od` and `hexdump` are for the one file that is not text.
 * `master` leads to another link.
 */
const host = `
printf '%s host\\n' "$mark"
show /proc/self/mountinfo $cut ${withCuts('/proc/self/net', [...tableNames, 'vlan/config'])}
values() {
  [ $# -gt 0 ] || return
  printf '%s values\\n' "$mark"
  show "$@"
}
count=0
pids=$*
set --
for link in /sys/class/net/*; do
  [ -d "$link" ] && cd "$link" || continue
  printf '%s link %s' "$mark" "\${link##*/}"
  printf ' %s' *
  printf '\\n'
  set -- "$@" ${withCuts('$link', hostLinkFiles)}
  count=$((count + 1))
  if [ $count -eq ${linksAtOnce} ]; then
    values "$@"
    count=0
    set --
  fi
done
cd /
values "$@"
printf '%s dev\\n' "$mark"
cat /proc/self/net/dev
for link in /sys/class/net/*; do
  [ -f "$link/brforward" ] || continue
  printf '%s fdb %s\\n' "$mark" "\${link##*/}"
  od -An -v -tx1 "$link/brforward" || hexdump -v -e '1/1 "%02x "' "$link/brforward"
done
printf '%s ip\\n' "$mark"
ip -details -json address show
if [ /proc/1/ns/net -ef /proc/self/ns/net ]; then
  printf '%s init\\n' "$mark"
  flannel /proc/1
else
  for process in /proc/[0-9]*; do
    read -r key <$process/comm && [ "$key" = dockerd ] && [ $process/ns/net -ef /proc/self/ns/net ] &&
      [ $process/ns/pid -ef /proc/self/ns/pid ] && flannel $process && break
  done
fi
for link in /sys/class/net/flannel*; do
  [ -d "$link" ] || continue
  printf '%s neighbours %s\\n' "$mark" "\${link##*/}"
  ip -json neighbour show dev "\${link##*/}"
  printf '%s forwarding %s\\n' "$mark" "\${link##*/}"
  ip -json -family bridge neighbour show dev "\${link##*/}"
done
`;

/** Containers of which the files are printed by one `cat`. */
const containersAtOnce = 16;

/**
 * `/proc/PID/root` leads where the process wants, and a read there may never return (FUSE): its `/sys` is read only
 * where the kernel's mount table shows nothing but sysfs. The exact look at that table is for the reader of the answer.
 * The cgroup comes last: it says whether the PID was the container's all the time. Where there are no cgroups, the
 * process that started it has the container's id among its arguments.
 */
const containers = `
trust() {
  trusted=
  found=1
  IFS='
'
  set -f
  for line in $mounts; do
    if [ "$line" = "$mark" ]; then
      [ $found = 0 ] && trusted="$trusted $1 "
      shift
      found=1
      continue
    fi
    case \${line#* * * * } in
      /sys/class* | '/sys/devices '* | /sys/devices/virtual/net*) found=2 ;;
      /sys/devices/system/* | /sys/devices/virtual/*) ;;
      /sys/devices/*) found=2 ;;
      '/sys '*' - sysfs '*) [ $found = 1 ] && found=0 ;;
      '/sys '*) found=2 ;;
    esac
  done
  set +f
  unset IFS
}
some() {
  [ $# -gt 0 ] || return
  some=$*
  set --
  for pid in $some; do set -- "$@" "/proc/$pid/mountinfo" $cut; done
  mounts=$(show "$@")
  printf '%s mounts\\n%s\\n' "$mark" "$mounts"
  trust $some
  set --
  for pid in $some; do
    base=/proc/$pid
    parent=0
    while read -r key value; do
      if [ "$key" = PPid: ]; then
        parent=$value
        break
      fi
    done <$base/status
    names=
    set -- "$@" ${withCuts('$base/net', tableNames)}
    case $trusted in
      *" $pid "*)
        for link in $base/root/sys/class/net/*; do
          [ -d "$link" ] || continue
          names="$names \${link##*/}"
          set -- "$@" ${withCuts('$link', containerLinkFiles)}
        done
        ;;
    esac
    printf '%s container %s%s\\n' "$mark" "$pid" "$names"
    set -- "$@" ${withCuts('$base', ['net/dev', 'cgroup'])} "/proc/$parent/cmdline" $cut
  done
  printf '%s files\\n' "$mark"
  show "$@"
}
`;

/**
 * A network namespace's own settings belong to the root of the user namespace that it was made in (`net_ctl_set_ownership`,
 * net/sysctl_net.c): to somebody else where that is not the engine's, as for the host's under a rootless Podman.
 */
const owner = `
[ -e /proc/sys/net/ipv4/ip_forward ] && [ ! -O /proc/sys/net/ipv4/ip_forward ] && printf '%s foreign\\n' "$mark"
`;

/** Its arguments: a mark, and the PID of each container. For `sh -c`, in the engine's network and PID namespaces. */
export const machineScript = `${common}${flannel}${host}${owner}
set --
for pid in $pids; do set -- "$@" "/proc/$pid/ns/net"; done
printf '%s inodes\\n' "$mark"
ls -l /proc/self/ns/net "$@"
${containers}
batch=
count=0
for each in $pids; do
  [ "/proc/$each/ns/net" -ef /proc/self/ns/net ] && continue
  batch="$batch $each"
  count=$((count + 1))
  if [ $count -eq ${containersAtOnce} ]; then
    some $batch
    batch=
    count=0
  fi
done
some $batch
printf '%s end\\n' "$mark"
`;

/** Its argument: a mark. For `sh -c` in a container: what `machineScript` prints of that container. */
export const insideScript = `${common}${containers}
some self
printf '%s end\\n' "$mark"
`;

/**
 * Its argument: a mark. Who holds a socket is told by `ls`, for processes of root alone, as no file's rights may be
 * passed over. With one directory alone `ls` would not name it. The name of the shell itself is the mark.
 */
export const listenersScript = `${common}
printf '%s sockets\\n' "$mark"
show ${withCuts('/proc/self/net', ['route', 'tcp', 'tcp6', 'udp', 'udp6'])}
printf '%s files\\n' "$mark"
ls -l /proc/self/fd /proc/[0-9]*/fd
printf '%s names' "$mark"
set --
for process in /proc/[0-9]*; do
  [ "$process" = /proc/$$ ] && continue
  printf ' %s' "\${process#/proc/}"
  set -- "$@" "$process/comm" $cut
done
printf '\\n'
show "$@"
printf '%s end\\n' "$mark"
`;

/** 15 characters: as many as a process's name takes. */
export function newMark(): string {
  return randomBytes(8).toString('hex').slice(1);
}
