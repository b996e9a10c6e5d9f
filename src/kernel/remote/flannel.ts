import { isFlannelName } from '../../topology/flannel.ts';
import type { KernelView } from '../../topology/model.ts';
import { parseFlannelEnv } from '../parse/flannelEnv.ts';
import { joinVteps } from '../parse/vteps.ts';
import type { Frame } from './frames.ts';

/** What `machineScript` printed of flannel; empty where it is not there. */
export function flannelOf(frames: readonly Frame[]): Pick<KernelView, 'flannel' | 'vteps'> {
  const textOf = (kind: string, link?: string): string =>
    frames.find((frame) => frame.kind === kind && frame.words[0] === link)?.parts[0] ?? '';
  const flannel = parseFlannelEnv(textOf('flannel'));
  const links = frames.flatMap(({ kind, words: [link = ''] }) =>
    kind === 'neighbours' && isFlannelName(link) ? link : [],
  );
  const vteps = links.flatMap((link) => joinVteps(link, textOf('neighbours', link), textOf('forwarding', link)));
  return { ...(flannel === undefined ? {} : { flannel }), ...(vteps.length === 0 ? {} : { vteps }) };
}
