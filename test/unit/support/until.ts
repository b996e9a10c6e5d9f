import { vi } from 'vitest';

/** Looks every millisecond, also on a busy machine for long enough. Rejects where it never becomes so. */
export async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  await vi.waitUntil(isSo, { interval: 1, timeout: 4_000 });
}
