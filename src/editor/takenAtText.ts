import { env } from 'vscode';
import type { Snapshot } from '../topology/model.ts';
import { visible } from './untrusted.ts';

/** When a snapshot was taken, as people here write times; recordings can hold anything there. */
export function takenAtText(snapshot: Snapshot): string {
  const taken = new Date(snapshot.takenAt);
  if (Number.isNaN(taken.getTime())) return visible(snapshot.takenAt, 40);
  return snapshot.recorded ? taken.toLocaleString(env.language) : taken.toLocaleTimeString(env.language);
}
