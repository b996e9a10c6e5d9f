import type * as NodeFs from 'node:fs';

/** Everything that the product opens goes by `onOpen`: a test may look, and change the machine between two reads. */
export const spy: { onOpen?: ((file: string) => void) | undefined } = {};

/** For `vi.mock(import('node:fs'), …)`: a test file that needs the spy has to ask for it. */
export function watched(fs: typeof NodeFs): typeof NodeFs {
  return {
    ...fs,
    openSync: (...args) => {
      spy.onOpen?.(String(args[0]));
      return fs.openSync(...args);
    },
  };
}
