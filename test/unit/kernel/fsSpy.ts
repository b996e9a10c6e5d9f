import fs from 'node:fs';
import { standIn } from '../support/standIn.ts';

/**
 * Until the test ends, everything that the product opens goes by `onOpen`: a test may look, and change the machine
 * between two reads.
 */
export function watchOpens(onOpen: (file: string) => void): void {
  standIn(fs, 'openSync', (openSync) => (...args) => {
    onOpen(String(args[0]));
    return openSync(...args);
  });
}
