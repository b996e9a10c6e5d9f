import type { EngineRecord } from './record.ts';
import { runSync } from './run.ts';

/** The engine's network namespace, and one that stands for the world outside, joined by a veth pair. */
export function makeNamespaces({ netns, wanNetns }: EngineRecord): void {
  for (const name of [netns, wanNetns]) {
    runSync(['ip', 'netns', 'add', name]);
    runSync(['ip', '-n', name, 'link', 'set', 'lo', 'up']);
  }
  const inside = (...args: string[]): string => runSync(['ip', '-n', netns, ...args]);
  const outside = (...args: string[]): string => runSync(['ip', '-n', wanNetns, ...args]);
  inside('link', 'add', 'eth0', 'type', 'veth', 'peer', 'name', 'wan0', 'netns', wanNetns);
  // Addresses for documentation (RFC 5737, RFC 3849): no engine takes them for a network.
  inside('address', 'add', '192.0.2.2/24', 'dev', 'eth0');
  inside('address', 'add', '2001:db8::2/64', 'dev', 'eth0', 'nodad');
  outside('address', 'add', '192.0.2.1/24', 'dev', 'wan0');
  outside('address', 'add', '2001:db8::1/64', 'dev', 'wan0', 'nodad');
  outside('address', 'add', '203.0.113.1/32', 'dev', 'lo');
  inside('link', 'set', 'eth0', 'up');
  outside('link', 'set', 'wan0', 'up');
  inside('route', 'add', 'default', 'via', '192.0.2.1');
}
