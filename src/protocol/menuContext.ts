import type { ElementMenu } from './messages.ts';

/**
 * The attribute `data-vscode-context` of an element that has a menu. VS Code makes each of its keys a key of `when`
 * clauses (`dneTokens`), and hands the object to the command, which reads `subject` off it. What is inside an element
 * wins over what is around it. Source: the `contextmenu` listener in workbench/contrib/webview/browser/pre/index.html,
 * and `did-context-menu` in webviewElement.ts.
 */
export function menuContext({ tokens, subject }: ElementMenu): string {
  return JSON.stringify({ dneTokens: tokens, subject, preventDefaultContextMenuItems: true });
}

/** For the drawing itself, where no element is: without it the editor offers Cut, Copy and Paste. */
export const noMenuContext = JSON.stringify({ preventDefaultContextMenuItems: true });
