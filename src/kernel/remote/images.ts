/** An image that is on the engine already. */
export interface LocalImage {
  /** `busybox:1.36`, `registry.example/team/alpine:3`. */
  readonly tags: readonly string[];
  readonly size: number;
}

/**
 * Base images with `sh` and `cat`, as their makers publish them, best first. Images of services bring volumes along, and a
 * person's own may be large, or not meant to run here: they are not used.
 */
const known: readonly string[] = [
  'busybox',
  'alpine',
  'nicolaka/netshoot',
  'debian',
  'ubuntu',
  'fedora',
  'rockylinux',
  'almalinux',
  'amazonlinux',
  'archlinux',
  'opensuse/leap',
];

/**
 * References of images that a helper may be made of, in the order in which they are tried; none where somebody has to be
 * asked for pulling one. `toolsImage` is the person's own choice for namespace shells: it comes first.
 */
export function helperImages(images: readonly LocalImage[], toolsImage?: string): string[] {
  const tagged = images.flatMap(({ tags, size }) => tags.map((tag) => ({ tag, size, rank: rankOf(tag, toolsImage) })));
  return tagged
    .filter(({ rank }) => rank !== undefined)
    .sort((a, b) => (a.rank ?? 0) - (b.rank ?? 0) || a.size - b.size || a.tag.localeCompare(b.tag))
    .map(({ tag }) => tag);
}

function rankOf(tag: string, toolsImage: string | undefined): number | undefined {
  if (toolsImage !== undefined && withTag(tag) === withTag(toolsImage)) return -1;
  const rank = known.indexOf(repositoryOf(tag));
  return rank < 0 ? undefined : rank;
}

/** `docker.io/library/busybox:1.36` is `busybox`. Another registry's `busybox` is somebody else's. */
function repositoryOf(tag: string): string {
  return plain(tag).replace(/:[^:/]*$/, '');
}

function withTag(reference: string): string {
  const name = plain(reference);
  return /:[^:/]*$/.test(name) ? name : `${name}:latest`;
}

/** Podman writes the registry, Docker leaves it out. */
function plain(reference: string): string {
  return reference.replace(/^(docker\.io|index\.docker\.io)\//, '').replace(/^library\//, '');
}
