import {
  DataTransferItem,
  commands as editorCommands,
  type DataTransfer,
  type TreeDragAndDropController,
} from 'vscode';
import type { Subject } from '../editor/subject.ts';
import { commands, views } from '../ids.ts';
import type { TreeNode } from './treeNode.ts';

const mimeType = 'application/vnd.docker-networks.containers';

/** A container, or its seat on another network, dragged onto a network: the same as *Connect*, which asks before it does. */
export class SeatDragAndDrop implements TreeDragAndDropController<TreeNode> {
  readonly dragMimeTypes = [mimeType];
  /** The trees' own types say that rows of them may be dropped here at all. */
  readonly dropMimeTypes = [
    mimeType,
    ...Object.values(views).map((id) => `application/vnd.code.tree.${id.toLowerCase()}`),
  ];

  handleDrag(nodes: readonly TreeNode[], data: DataTransfer): void {
    const containers = nodes.flatMap(({ subject }) =>
      subject?.kind === 'container' || subject?.kind === 'endpoint'
        ? [[subject.containerId, subject.engine ?? ''].join('\t')]
        : [],
    );
    // As text: that is how it comes to another tree.
    if (containers.length > 0) data.set(mimeType, new DataTransferItem(containers.join('\n')));
  }

  async handleDrop(target: TreeNode | undefined, data: DataTransfer): Promise<void> {
    const network = networkOf(target);
    if (network === undefined) return;
    const containers = await draggedContainers(data);
    // From another engine: the command says why not.
    if (containers.length > 0) await editorCommands.executeCommand(commands.connect, network, [network, ...containers]);
  }
}

/**
 * Each once: several seats of one container may have been dragged. Between two trees VS Code puts an empty item
 * of the type before the one of `handleDrag` (CustomTreeViewDragAndDrop in treeView.ts), so `get` finds only that.
 */
async function draggedContainers(data: DataTransfer): Promise<readonly Subject[]> {
  const items = [...data].filter(([type]) => type === mimeType);
  const texts = await Promise.all(items.map(([, item]) => item.asString()));
  const lines = new Set(texts.flatMap((text) => text.split('\n')));
  return [...lines].flatMap((line): Subject[] => {
    const [containerId = '', engine = ''] = line.split('\t');
    return containerId === '' ? [] : [{ kind: 'container', containerId, ...(engine === '' ? {} : { engine }) }];
  });
}

/** The network whose row, or one of whose endpoints, was dropped on. */
function networkOf(node: TreeNode | undefined): Subject | undefined {
  const subject = node?.subject;
  if (subject?.kind !== 'network' && subject?.kind !== 'endpoint') return undefined;
  const { networkId, engine } = subject;
  return { kind: 'network', networkId, ...(engine === undefined ? {} : { engine }) };
}
