import type { Snapshot } from '../topology/model.ts';
import type { Problem } from './problem.ts';

/** Not the engine's limit, which has none, but DNS's: these names are asked for by other containers. */
const longestName = 253;
/** `IFNAMSIZ` less the closing NUL, include/uapi/linux/if.h. */
const longestLinkName = 15;

/**
 * The engine takes nearly any text for a network's name, and `docker run --network` then mistakes some of them
 * (`a=b`, `container:x`): here it is held to the rule of containers, which most tools assume.
 */
export function networkNameProblem(text: string, snapshot: Snapshot): Problem | undefined {
  const problem = nameProblem(text);
  if (problem !== undefined) return problem;
  // Source: IsPredefined, daemon/network/network_mode_unix.go, and `nat` of Windows engines.
  if (['bridge', 'host', 'none', 'default'].includes(text) || (snapshot.engine.os === 'windows' && text === 'nat')) {
    return { kind: 'reservedName', name: text };
  }
  const holder = snapshot.networks.find(({ name }) => name === text);
  return holder && { kind: 'networkNameTaken', name: text, id: holder.id, driver: holder.driver };
}

/** A network of a swarm has a name of at most 63 characters that could be a part of a host name. */
export function swarmNameProblem(text: string): Problem | undefined {
  // Source: isValidDNSName, manager/controlapi/common.go of swarmkit.
  if (!/^[a-zA-Z0-9](?:[-_]*[a-zA-Z0-9])*$/.test(text)) return { kind: 'swarmName' };
  return text.length > 63 ? { kind: 'tooLong', maximum: 63 } : undefined;
}

/** `current`: the name that a container has now, which is no problem. Empty is none either: the engine makes one up. */
export function containerNameProblem(text: string, snapshot: Snapshot, current?: string): Problem | undefined {
  if (text === '' || text === current) return undefined;
  const problem = nameProblem(text);
  if (problem !== undefined) return problem;
  if (text.length < 2) return { kind: 'tooShort', minimum: 2 };
  const holder = snapshot.containers.find(({ name }) => name === text);
  return holder && { kind: 'containerNameTaken', name: text, id: holder.id };
}

/** Source: RestrictedNamePattern, daemon/names/names.go. */
function nameProblem(text: string): Problem | undefined {
  if (text === '') return { kind: 'empty' };
  if (text.length > longestName) return { kind: 'tooLong', maximum: longestName };
  const character = strange(text, /[a-zA-Z0-9_.-]/);
  if (character !== undefined) return { kind: 'character', character };
  return /^[a-zA-Z0-9]/.test(text) ? undefined : { kind: 'firstCharacter', character: text.charAt(0) };
}

/**
 * The engine takes any text; this is what a resolver can be asked for: letters of any script, digits, `_`, `.`, `-`.
 */
export function aliasProblem(text: string): Problem | undefined {
  if (text === '') return { kind: 'empty' };
  if (text.length > longestName) return { kind: 'tooLong', maximum: longestName };
  const character = strange(text, /[\p{L}\p{M}\p{N}_.-]/u);
  if (character !== undefined) return { kind: 'character', character };
  return /^[\p{L}\p{N}_]/u.test(text) ? undefined : { kind: 'firstCharacter', character: text.charAt(0) };
}

/** A new name for a kernel link; empty is no problem. Source: `dev_valid_name`, net/core/dev.c. */
export function linkNameProblem(text: string): Problem | undefined {
  if (text === '') return undefined;
  // `%` is a pattern (`br-%d`) that the engine does not follow up.
  const character = strange(text, /[^\s/:%\u0000-\u001F\u007F]/u);
  if (character !== undefined) return { kind: 'character', character };
  if (text === '.' || text === '..') return { kind: 'linkName', name: text };
  // Any character beyond ASCII has two bytes or more: no need to count them all.
  const bytes = Array.from(text.slice(0, 64)).reduce((sum, one) => sum + byteLength(one), 0);
  return bytes > longestLinkName ? { kind: 'tooLong', maximum: longestLinkName } : undefined;
}

/** In UTF-8. */
function byteLength(character: string): number {
  const code = character.codePointAt(0) ?? 0;
  return code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x1_0000 ? 3 : 4;
}

/** The first character that is not one of the allowed ones. */
function strange(text: string, allowed: RegExp): string | undefined {
  return Array.from(text.slice(0, 4 * longestName)).find((character) => !allowed.test(character));
}

/** Source: the grammar at the head of reference.go, github.com/distribution/reference. */
const domain =
  /^(?:(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])(?:\.(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9]))*|\[[a-fA-F0-9:]+\])(?::[0-9]+)?$/;
const component = /^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*$/;
const tagForm = /^\w[\w.-]{0,127}$/;
const digestForm = /^[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,}$/;
/** Of the algorithms that the engine knows. */
const digestLengths: Readonly<Record<string, number>> = { sha256: 64, sha384: 96, sha512: 128 };
const longestRepository = 255;

/** An image reference as `docker run` and `docker pull` take it: `[domain[:port]/]path[:tag][@digest]`. */
export function imageProblem(text: string): Problem | undefined {
  if (text === '') return { kind: 'empty' };
  // Name, tag and digest are bounded each; nothing longer is looked at.
  if (text.length > 2 * longestRepository + 256) return { kind: 'tooLong', maximum: longestRepository };
  const at = text.indexOf('@');
  const digest = at < 0 ? undefined : text.slice(at + 1);
  const tagged = at < 0 ? text : text.slice(0, at);
  const colon = tagged.lastIndexOf(':');
  const hasTag = colon > tagged.lastIndexOf('/');
  const name = hasTag ? tagged.slice(0, colon) : tagged;
  return (
    repositoryProblem(name) ??
    (hasTag ? tagProblem(tagged.slice(colon + 1)) : undefined) ??
    (digest === undefined ? undefined : digestProblem(digest))
  );
}

function repositoryProblem(name: string): Problem | undefined {
  if (name.length > longestRepository) return { kind: 'tooLong', maximum: longestRepository };
  const slash = name.indexOf('/');
  const first = name.slice(0, Math.max(0, slash));
  // Source: splitDockerDomain, normalize.go: what cannot be a part of a path is the name of a registry.
  const hasDomain = slash >= 0 && (/[.:[]/.test(first) || first === 'localhost' || first !== first.toLowerCase());
  if (hasDomain && !domain.test(first)) return { kind: 'image', text: name };
  const path = hasDomain ? name.slice(slash + 1) : name;
  if (/[A-Z]/.test(path)) return { kind: 'imageUpperCase', text: path };
  return path.split('/').every((part) => component.test(part)) ? undefined : { kind: 'image', text: name };
}

function tagProblem(tag: string): Problem | undefined {
  return tagForm.test(tag) ? undefined : { kind: 'imageTag', text: tag };
}

function digestProblem(digest: string): Problem | undefined {
  const colon = digest.indexOf(':');
  const length = digestLengths[digest.slice(0, colon)];
  const hex = digest.slice(colon + 1);
  const fits = length === undefined || (hex.length === length && hex === hex.toLowerCase());
  return digestForm.test(digest) && fits ? undefined : { kind: 'imageDigest', text: digest };
}
