/**
 * Whether the kernel could have given a link this name; then it is also safe as one component of a path.
 * Source: `dev_valid_name`, net/core/dev.c, and IFNAMSIZ.
 */
export function isLinkName(name: string): boolean {
  return /^[^/:\s\0]{1,15}$/.test(name) && name !== '.' && name !== '..';
}
