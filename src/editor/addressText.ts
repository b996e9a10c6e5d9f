/**
 * Whether an address has a password before its host. There is no place for one in a setting: it would stand there for
 * everybody to read, and Docker knows none.
 */
export function hasPassword(address: string): boolean {
  return partsOf(address)?.user.includes(':') === true;
}

/** The address without its password, for people to read. */
export function withoutPassword(address: string): string {
  const parts = partsOf(address);
  return parts?.user.includes(':') === true ? `${parts.scheme}…@${parts.rest}` : address;
}

/** Up to the last `@`: a password may have any character. Undefined for paths, which have no user. */
function partsOf(
  address: string,
): { readonly scheme: string; readonly user: string; readonly rest: string } | undefined {
  const match = /^([a-z]+:\/\/)?(.*)@(.*)$/is.exec(address.trim());
  const [, scheme = '', user = '', rest = ''] = match ?? [];
  const isPath = /^(unix|npipe):/i.test(scheme) || /^[/\\]/.test(user);
  return match === null || isPath ? undefined : { scheme, user, rest };
}
