/**
 * What a row stands for: the words in which trees and commands speak of it. A tree hands its element to a command,
 * the command reads the subject off it; neither knows the other. `engine` is the `EngineConnection.key` of the engine that
 * it is about; without one it is about the engine that was chosen first.
 */
export type Subject = { readonly engine?: string } & (
  | { readonly kind: 'network'; readonly networkId: string }
  /** `port` where the row is about that one of its ports, `forwardId` where it is about a temporary forward of it. */
  | {
      readonly kind: 'container';
      readonly containerId: string;
      readonly port?: { readonly containerPort: number; readonly protocol: string };
      readonly forwardId?: string;
    }
  /** `address` where the row is about that one of its addresses. */
  | {
      readonly kind: 'endpoint';
      readonly containerId: string;
      readonly networkId: string;
      readonly address?: string;
    }
  /** A link of the engine's own namespace. `endpoint` is what is plugged into it, where that is known. */
  | {
      readonly kind: 'link';
      readonly name: string;
      readonly endpoint?: { readonly containerId: string; readonly networkId: string };
    }
);

/** The tree that has a row for it. */
export function treeOf({ kind }: Subject): 'networks' | 'containers' | 'hostLinks' {
  if (kind === 'link') return 'hostLinks';
  return kind === 'container' ? 'containers' : 'networks';
}

/** An element of a tree that commands can act on. */
export interface HasSubject {
  readonly subject: Subject | undefined;
}

/** Reads the subject off whatever a menu, a keybinding or another extension passed to a command. */
export function subjectOf(argument: unknown): Subject | undefined {
  if (typeof argument !== 'object' || argument === null) return undefined;
  const candidate: unknown = 'subject' in argument ? argument.subject : argument;
  return isSubject(candidate) ? candidate : undefined;
}

/** The engine that a row, or whatever else was passed to a command, names. A row for an engine has no subject. */
export function engineOf(argument: unknown): string | undefined {
  const named = subjectOf(argument)?.engine ?? ownText(argument, 'engine');
  return named === '' ? undefined : named;
}

function ownText(value: unknown, key: string): string | undefined {
  if (typeof value !== 'object' || value === null || !(key in value)) return undefined;
  const text: unknown = (value as Readonly<Record<string, unknown>>)[key];
  return typeof text === 'string' ? text : undefined;
}

function isSubject(value: unknown): value is Subject {
  if (typeof value !== 'object' || value === null || !('kind' in value)) return false;
  const holds = (key: string): boolean => typeof Object.getOwnPropertyDescriptor(value, key)?.value === 'string';
  switch (value.kind) {
    case 'network':
      return holds('networkId');
    case 'container':
      return holds('containerId');
    case 'endpoint':
      return holds('containerId') && holds('networkId');
    case 'link':
      return holds('name');
    default:
      return false;
  }
}
