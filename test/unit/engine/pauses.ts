import timers from 'node:timers/promises';
import { standIn } from '../support/standIn.ts';

/** Until the test ends nobody waits between attempts: `onPause` hears how long it would have been. */
export function skipPauses(onPause: (milliseconds: number) => void = () => undefined): void {
  standIn(timers, 'setTimeout', () => async <T>(milliseconds = 0, value?: T): Promise<T> => {
    onPause(milliseconds);
    await new Promise(setImmediate);
    return value as T;
  });
}
