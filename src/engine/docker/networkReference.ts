import type { EngineCalls } from './calls.ts';

/** The name of a network, as people write it in `--network`, where it means this one and nothing else; else its id. */
export async function networkReference(calls: EngineCalls, id: string, name: string): Promise<string> {
  if (name === 'default' || name.startsWith('container:')) return id;
  return (await calls.networkIdOf(name)) === id ? name : id;
}
