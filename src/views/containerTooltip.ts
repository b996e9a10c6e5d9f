import { l10n } from 'vscode';
import { comma } from '../editor/listText.ts';
import type { Lookup } from '../editor/lookup.ts';
import { stateDetail } from '../editor/stateText.ts';
import { markdownCode, markdownText } from '../editor/untrusted.ts';
import type { Container } from '../topology/model.ts';
import { containerName, legacyLinkText, modeText, networkNameOf, portGroups } from '../editor/containerText.ts';
import { bold, facts, mapFacts, nameList, paragraphs } from './row.ts';

/** Markdown: what a container is and where its network comes from. */
export function containerTooltip(lookup: Lookup, container: Container): string {
  const sharers = lookup.sharers.get(container.id) ?? [];
  const ports = portGroups(container.ports).map(({ containerPort, protocol, published }) =>
    published.length === 0
      ? l10n.t('{0} (exposed)', `${containerPort}/${protocol}`)
      : `${published.join(comma())} → ${containerPort}/${protocol}`,
  );
  return paragraphs(
    bold(containerName(container)),
    facts([
      [l10n.t('ID'), markdownCode(container.id.slice(0, 12))],
      [l10n.t('Image'), markdownCode(container.image)],
      [l10n.t('State'), stateDetail(container)],
      [l10n.t('PID'), container.pid > 0 ? String(container.pid) : undefined],
      [l10n.t('Mode'), markdownText(modeText(lookup, container), 400)],
      [l10n.t('Host name'), container.hostname === undefined ? undefined : markdownCode(container.hostname)],
      [l10n.t('Networks'), nameList(container.endpoints.map((endpoint) => networkNameOf(lookup, endpoint)))],
      [l10n.t('Ports'), nameList(ports)],
      [l10n.t('Links'), nameList(container.links.map(legacyLinkText))],
      [l10n.t('DNS servers'), nameList(container.dnsServers)],
      [l10n.t('Shares its namespace with'), nameList(sharers.map(containerName))],
      [l10n.t('Namespace file'), container.sandboxKey ? markdownCode(container.sandboxKey) : undefined],
    ]),
    container.inspected
      ? undefined
      : markdownText(l10n.t('It went away before it could be inspected; only the list’s facts are here.')),
    mapFacts(l10n.t('Labels'), container.labels),
  );
}
