import { ThemeIcon, l10n, window, type QuickPickItem } from 'vscode';
import type { CurrentSession } from '../editor/currentSession.ts';
import type { KernelAccess, KernelPermission } from '../editor/kernelPermission.ts';
import { visible } from '../editor/untrusted.ts';
import type { Disposable } from '../live/emitter.ts';
import { refreshNow } from './snapshot.ts';

interface Item extends QuickPickItem {
  readonly access: KernelAccess;
}

/** Asks how the kernel of the engine that is shown may be read from here, and reads it. */
export async function chooseKernelAccess(current: CurrentSession, permission: KernelPermission): Promise<void> {
  const { session } = current;
  if (session === undefined) return;
  const { key, label, readOnly } = session.engine.connection;
  const { kernel, engine } = session.snapshot ?? {};
  const source = kernel?.kind === 'read' ? kernel.view.source : undefined;
  if (readOnly || source === 'local' || engine?.os === 'windows') {
    void window.showInformationMessage(
      engine?.os === 'windows'
        ? l10n.t('The engine runs Windows containers: there is no Linux kernel to read.')
        : l10n.t('The kernel of this engine is read already; nothing needs to be allowed.'),
    );
    return;
  }
  const before = permission.of(key);
  const item = (access: KernelAccess, icon: string, text: string, detail: string): Item => ({
    access,
    label: text,
    detail,
    iconPath: new ThemeIcon(icon),
    ...(before === access ? { description: l10n.t('now in use') } : {}),
  });
  const chosen = await window.showQuickPick(
    [
      item('helper', 'beaker', l10n.t('A Short-Lived Container'), l10n.t('Tells all: both ends of every wire')),
      item(
        'exec',
        'terminal',
        l10n.t('Commands in the Containers'),
        l10n.t('Tells the containers’ side; the host’s stays unknown'),
      ),
      item('none', 'circle-slash', l10n.t('Not at All'), l10n.t('Wires stay unknown')),
    ],
    {
      title: l10n.t('Read the Kernel of {0}', visible(label, 60)),
      placeHolder: l10n.t('How may the links of that machine be read? The answer is remembered for this engine.'),
      matchOnDetail: true,
      ignoreFocusOut: true,
    },
  );
  if (chosen === undefined || !(await isAllowed(chosen.access, label))) return;
  await permission.set(key, chosen.access);
  await refreshNow(current);
}

/** A modal that says in full what is allowed by that. */
async function isAllowed(access: KernelAccess, label: string): Promise<boolean> {
  if (access === 'none') return true;
  const allow = l10n.t('Allow');
  const detail =
    access === 'helper'
      ? l10n.t(
          'For each reading a container is started from a local image and removed at once. It sees the processes and the network of that machine. It has no right but to look into processes (SYS_PTRACE), no volume, no port and a read-only root, and it reads files of the kernel alone.',
        )
      : l10n.t(
          'For each reading “sh” and “cat” are executed in every running container that has them, with the user and the rights of that container. They read files of the kernel alone.',
        );
  const message = l10n.t('Read the kernel of {0} in this way, now and later?', visible(label, 60));
  return (await window.showInformationMessage(message, { modal: true, detail }, allow)) === allow;
}

/** Asks by itself, once for each engine: when somebody looks at one whose kernel is elsewhere. */
export function askOnce(current: CurrentSession, permission: KernelPermission): Disposable {
  const asked = new Set<string>();
  return current.onDidChangeSnapshot(() => {
    const { session } = current;
    const kernel = session?.snapshot?.kernel;
    if (session === undefined || kernel?.kind !== 'absent' || kernel.reason !== 'notAllowed') return;
    if (session.snapshot?.engine.os === 'windows') return;
    const { key, label } = session.engine.connection;
    if (asked.has(key) || permission.of(key) !== undefined) return;
    asked.add(key);
    void ask(current, permission, key, label);
  });
}

async function ask(current: CurrentSession, permission: KernelPermission, key: string, label: string): Promise<void> {
  const choose = l10n.t('Choose…');
  const never = l10n.t('Not at All');
  const answer = await window.showInformationMessage(
    l10n.t(
      'The kernel that {0} runs on is not this machine’s: host links and wires are unknown. It can be read by a short-lived container there, if you allow it.',
      visible(label, 60),
    ),
    choose,
    never,
  );
  if (answer === never) await permission.set(key, 'none');
  else if (answer === choose && current.session?.engine.connection.key === key)
    await chooseKernelAccess(current, permission);
}
