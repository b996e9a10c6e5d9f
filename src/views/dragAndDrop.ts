import {
  DataTransferItem,
  commands as editorCommands,
  type DataTransfer,
  type TreeDragAndDropController,
} from 'vscode';
import type { Subject } from '../editor/subject.ts';
import { commands } from '../ids.ts';
import type { TreeNode } from './tree.ts';

const mimeType = 'application/vnd.docker-networks.containers';

/** A container, or its seat on another network, dragged onto a network: the same as *Connect*, which asks before it does. */
export class SeatDragAndDrop implements TreeDragAndDropController<TreeNode> {
  readonly dragMimeTypes = [mimeType];
  readonly dropMimeTypes = [mimeType];

  handleDrag(nodes: readonly TreeNode[], data: DataTransfer): void {
    const containers = nodes.flatMap(({ subject }) =>
      subject?.kind === 'container' || subject?.kind === 'endpoint' ? [subject.containerId] : [],
    );
    if (containers.length > 0) data.set(mimeType, new DataTransferItem(containers));
  }

  async handleDrop(target: TreeNode | undefined, data: DataTransfer): Promise<void> {
    const dragged: unknown = data.get(mimeType)?.value;
    const network = networkOf(target);
    if (network === undefined || !Array.isArray(dragged)) return;
    const containers = dragged
      .filter((id): id is string => typeof id === 'string')
      .map((containerId): Subject => ({ kind: 'container', containerId }));
    await editorCommands.executeCommand(commands.connect, network, [network, ...containers]);
  }
}

/** The network whose row, or one of whose endpoints, was dropped on. */
function networkOf(node: TreeNode | undefined): Subject | undefined {
  const subject = node?.subject;
  return subject?.kind === 'network' || subject?.kind === 'endpoint'
    ? { kind: 'network', networkId: subject.networkId }
    : undefined;
}
