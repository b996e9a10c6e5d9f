import type { Image } from '../control.ts';
import type { EngineCalls } from './calls.ts';
import { filled, natural, object, texts } from './json.ts';

/** Inspections at one time. */
const width = 4;

/** The images that have a name. `ports`: what images expose, by their ids, which never changes. */
export async function readImages(calls: EngineCalls, ports: Map<string, readonly string[]>): Promise<readonly Image[]> {
  const images = (await calls.images()).flatMap((raw): Image[] => {
    const row = object(raw);
    const id = filled(row['Id']);
    const tags = texts(row['RepoTags']).filter((tag) => !tag.includes('<none>'));
    if (id === undefined || tags.length === 0) return [];
    return [{ id, tags, size: natural(row['Size']), created: natural(row['Created']), exposedPorts: [] }];
  });
  for (const known of ports.keys()) if (!images.some(({ id }) => id === known)) ports.delete(known);
  const queue = images.values();
  const work = async (): Promise<void> => {
    // All workers take from the one iterator.
    for (const { id } of queue) {
      if (ports.has(id)) continue;
      const inspect = await calls.inspectImage(id);
      // Gone in between: it is in the list all the same, as it was when that was read.
      if (inspect !== undefined) ports.set(id, Object.keys(object(object(inspect['Config'])['ExposedPorts'])));
    }
  };
  await Promise.all(Array.from({ length: width }, work));
  return images.map((image) => ({ ...image, exposedPorts: ports.get(image.id) ?? [] }));
}
