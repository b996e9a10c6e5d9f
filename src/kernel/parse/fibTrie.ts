import { ipv4Number } from './address.ts';

/**
 * The IPv4 addresses that are this namespace's own: leaves `|-- ADDRESS` with a `/32 host LOCAL` below them.
 * The file has no names of links. Source: `fib_trie_seq_show`, net/ipv4/fib_trie.c.
 */
export function parseFibTrie(text: string): string[] {
  const local = new Set<string>();
  let leaf: string | undefined;
  for (const line of text.split('\n')) {
    const trimmed = line.trim();
    if (trimmed.startsWith('|-- ')) {
      const address = trimmed.slice(4);
      leaf = ipv4Number(address) === undefined ? undefined : address;
    } else if (trimmed.startsWith('/')) {
      if (leaf !== undefined && trimmed.startsWith('/32 host LOCAL')) local.add(leaf);
    } else {
      leaf = undefined;
    }
  }
  return [...local];
}
