import type { FdbEntry } from '../../topology/model.ts';

const recordLength = 16;
/** USER_HZ: the unit of every clock that the kernel shows to programs, on all architectures that Docker runs on. */
const ticksPerSecond = 100;

/**
 * `/sys/class/net/<bridge>/brforward`. A record that is cut off at the end is dropped.
 * Source: `struct __fdb_entry`, include/uapi/linux/if_bridge.h: MAC 6, port_no low byte, is_local, age 4 (the machine's
 * byte order), port_no high byte, 3 unused. Filled by `br_fdb_fillbuf`, net/bridge/br_fdb.c.
 */
export function parseBrforward(bytes: Uint8Array, order: 'BE' | 'LE'): FdbEntry[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const entries: FdbEntry[] = [];
  for (let at = 0; at + recordLength <= bytes.length; at += recordLength) {
    const mac = Array.from(bytes.subarray(at, at + 6), (byte) => byte.toString(16).padStart(2, '0')).join(':');
    entries.push({
      mac,
      portNo: view.getUint8(at + 6) | (view.getUint8(at + 12) << 8),
      isLocal: view.getUint8(at + 7) !== 0,
      ageSeconds: view.getUint32(at + 8, order === 'LE') / ticksPerSecond,
    });
  }
  return entries;
}
