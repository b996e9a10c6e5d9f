import { ConfigurationTarget, workspace, type Disposable } from 'vscode';
import { settings, type SettingId } from '../ids.ts';

export type GroupBy = 'none' | 'driver' | 'project';

const groupings: readonly GroupBy[] = ['none', 'driver', 'project'];

/** What the trees show; read anew each time, since settings files can hold anything. */
export interface ViewOptions {
  readonly groupBy: GroupBy;
  readonly showBuiltIn: boolean;
  readonly showStopped: boolean;
}

export function viewOptions(): ViewOptions {
  const groupBy = read(settings.groupBy);
  return {
    groupBy: groupings.find((known) => known === groupBy) ?? 'none',
    showBuiltIn: read(settings.showBuiltIn) !== false,
    showStopped: read(settings.showStopped) !== false,
  };
}

/** An address, `context:NAME`, or empty for Docker's own choice. Machine scope: a workspace cannot redirect it. */
export function connectionSetting(): string {
  const value = read(settings.connection);
  return typeof value === 'string' ? value.trim() : '';
}

/** The engines that are shown beside the first one: addresses or `context:NAME`, each once. Machine scope. */
export function otherConnections(): readonly string[] {
  const value = read(settings.otherConnections);
  const texts = Array.isArray(value) ? value.filter((one): one is string => typeof one === 'string') : [];
  return [...new Set(texts.map((text) => text.trim()))].filter((text) => text !== '');
}

export function kernelReadingAllowed(): boolean {
  return read(settings.readKernel) !== false;
}

/** Image for shells in a network namespace. Machine scope: a workspace cannot choose what runs. */
export function toolsImage(): string {
  const value = read(settings.toolsImage);
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : 'nicolaka/netshoot';
}

/** What Tail Logs begins with. */
export function logSettings(): { readonly tail: number; readonly timestamps: boolean } {
  const tail = read(settings.logsTail);
  return {
    tail: typeof tail === 'number' && Number.isSafeInteger(tail) && tail >= 0 ? tail : 200,
    timestamps: read(settings.logsTimestamps) === true,
  };
}

/** Writes where the value already is set, else for the user. */
export async function writeSetting(
  id: SettingId,
  value: string | boolean | readonly string[] | undefined,
): Promise<void> {
  const inspected = workspace.getConfiguration().inspect(id);
  const ofMachine = id === settings.connection || id === settings.otherConnections;
  const inWorkspace = inspected?.workspaceValue !== undefined && !ofMachine;
  await workspace
    .getConfiguration()
    .update(id, value, inWorkspace ? ConfigurationTarget.Workspace : ConfigurationTarget.Global);
}

export function onDidChangeSettings(ids: readonly SettingId[], listener: () => void): Disposable {
  return workspace.onDidChangeConfiguration((event) => {
    if (ids.some((id) => event.affectsConfiguration(id))) listener();
  });
}

function read(id: SettingId): unknown {
  return workspace.getConfiguration().get<unknown>(id);
}
