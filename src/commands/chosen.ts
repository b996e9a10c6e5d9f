import { l10n } from 'vscode';
import type { Lookup } from '../editor/lookup.ts';
import { subjectOf, type Subject } from '../editor/subject.ts';
import type { Container, Network } from '../topology/model.ts';
import { containerChoices, networkChoices, pick } from './pick.ts';
import { containerIdOf } from './resolve.ts';

/** What a command was called on: the row, or all selected rows where the row is one of them. */
export function subjectsOf(argument: unknown, selection: unknown): readonly Subject[] {
  const one = subjectOf(argument);
  const many = Array.isArray(selection) ? selection.map(subjectOf).filter((subject) => subject !== undefined) : [];
  return many.length > 1 ? many : one === undefined ? [] : [one];
}

/** The containers that a command was called on, or the one that the person picks; empty where they left. */
export async function chooseContainers(
  lookup: Lookup,
  subjects: readonly Subject[],
  placeHolder: string,
  fits: (container: Container) => boolean,
): Promise<readonly Container[]> {
  const ids = new Set(subjects.flatMap((subject) => containerIdOf(lookup, subject) ?? []));
  const named = [...ids].flatMap((id) => lookup.containers.get(id) ?? []);
  if (named.length > 0) return named.filter(fits);
  const choices = containerChoices(lookup).filter(({ value }) => {
    const container = value.kind === 'container' ? lookup.containers.get(value.containerId) : undefined;
    return container !== undefined && fits(container);
  });
  const picked = await pick([[l10n.t('Containers'), choices]], placeHolder);
  const container = picked?.kind === 'container' ? lookup.containers.get(picked.containerId) : undefined;
  return container === undefined ? [] : [container];
}

/** The same for networks. */
export async function chooseNetworks(
  lookup: Lookup,
  subjects: readonly Subject[],
  placeHolder: string,
  fits: (network: Network) => boolean,
): Promise<readonly Network[]> {
  const ids = new Set(subjects.flatMap((subject) => ('networkId' in subject ? [subject.networkId] : [])));
  const named = [...ids].flatMap((id) => lookup.networks.get(id) ?? []);
  if (named.length > 0) return named.filter(fits);
  const choices = networkChoices(lookup).filter(({ value }) => {
    const network = value.kind === 'network' ? lookup.networks.get(value.networkId) : undefined;
    return network !== undefined && fits(network);
  });
  const picked = await pick([[l10n.t('Networks'), choices]], placeHolder);
  const network = picked?.kind === 'network' ? lookup.networks.get(picked.networkId) : undefined;
  return network === undefined ? [] : [network];
}
