import type { Listener } from '../kernel.ts';
import { decimal } from '../parse/number.ts';
import { parseSockets } from '../parse/sockets.ts';
import { byteOrder } from './byteOrder.ts';
import { framesOf } from './frames.ts';

const protocols = ['tcp', 'tcp', 'udp', 'udp'] as const;

/** What `listenersScript` printed → what listens, by port. Total on any text. */
export function parseListeners(text: string, mark: string): Listener[] {
  const frames = framesOf(text, mark);
  const [route = '', ...tables] = frames.find(({ kind }) => kind === 'sockets')?.parts ?? [];
  const order = byteOrder([route]);
  const owners = ownersOf(frames.find(({ kind }) => kind === 'files')?.parts[0] ?? '');
  const names = frames.find(({ kind }) => kind === 'names');
  const nameOf = (pid: number): string | undefined =>
    names?.parts[names.words.indexOf(String(pid))]?.replace(/\n$/, '').slice(0, 15);
  return protocols
    .flatMap((protocol, at) =>
      parseSockets(tables[at] ?? '', protocol, order).map(({ address, port, inode }): Listener => {
        const pid = owners.get(inode);
        const name = pid === undefined ? undefined : nameOf(pid);
        return {
          protocol,
          address,
          port,
          ...(pid === undefined ? {} : { pid }),
          ...(name === undefined || name === '' ? {} : { process: name }),
        };
      }),
    )
    .sort((a, b) => a.port - b.port || a.protocol.localeCompare(b.protocol) || a.address.localeCompare(b.address));
}

/**
 * What `ls -l` says of the open files of all processes: a line with the directory, and below it `… 5 -> socket:[1234]`.
 * Of several the first to have come, init last.
 */
function ownersOf(list: string): Map<number, number> {
  const owners = new Map<number, number>();
  let pid: number | undefined;
  for (const line of list.split('\n')) {
    const directory = /\/proc\/([^/]{1,10})\/fd:$/.exec(line)?.[1];
    if (directory !== undefined) pid = decimal(directory);
    const inode = Number(/ -> socket:\[(\d{1,15})\]$/.exec(line)?.[1] ?? 0);
    if (pid === undefined || inode === 0) continue;
    const known = owners.get(inode);
    if (known === undefined || known === 1 || (pid !== 1 && pid < known)) owners.set(inode, pid);
  }
  return owners;
}
