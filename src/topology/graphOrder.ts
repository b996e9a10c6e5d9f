interface Named {
  readonly id: string;
  readonly name: string;
}

/** The order in which people expect numbered names: web-2 before web-10. */
const collator = new Intl.Collator('en', { numeric: true });

/** By name, and things of one name always in the same order. */
export function byName(a: Named | undefined, b: Named | undefined): number {
  return collator.compare(a?.name ?? '', b?.name ?? '') || byText(a?.id ?? '', b?.id ?? '');
}

export function byText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
