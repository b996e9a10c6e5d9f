import { l10n } from 'vscode';
import { confidenceText, evidenceText, kernelSourceText } from '../editor/evidenceText.ts';
import { markdownCode, markdownText, visible } from '../editor/untrusted.ts';
import type { Wire } from '../topology/model.ts';
import { facts, joined, nameList, paragraphs } from './row.ts';

/** `eth0 ⇄ vethab12 · docker0`: a wire on one line, with `?` for each end that is not known. */
export function wireLine(wire: Wire): string {
  return `${wire.containerLink === undefined ? '?' : visible(wire.containerLink.name, 40)} ${farEnd(wire)}`;
}

/** The same without the container's interface: `⇄ vethab12 · docker0`. */
export function farEnd(wire: Wire): string {
  const bridge = wire.bridge && visible(wire.bridge, 40);
  switch (wire.kind) {
    case 'veth':
      return joined([`⇄ ${hostEnd(wire)}`, bridge]);
    case 'macvlan':
    case 'ipvlan':
      return `→ ${hostEnd(wire)} · ${wire.kind}`;
    case 'overlay':
      return joined([l10n.t('⇄ overlay'), wire.hostLink && hostEnd(wire)]);
    case 'plugin':
      return joined([`⇄ ${hostEnd(wire)}`, bridge, l10n.t('plugin')]);
  }
}

/** The far end as a screen reader says it. */
export function wireSpoken(wire: Wire): string {
  const inside = wire.containerLink?.name ?? l10n.t('an unknown interface');
  if (wire.hostLink === undefined)
    return wire.candidates.length === 0
      ? l10n.t('{0}, host end unknown', visible(inside))
      : l10n.t('{0}, host end unknown, {1} candidates', visible(inside), wire.candidates.length);
  const outside = visible(wire.hostLink.name);
  return joined(
    [
      l10n.t('{0} wired to {1}', visible(inside), outside),
      wire.bridge && l10n.t('on bridge {0}', visible(wire.bridge)),
      confidenceText(wire.confidence),
    ],
    ', ',
  );
}

/** Markdown: the wire, how sure it is, and each piece of evidence as a sentence. */
/** @param source `KernelView.source`, where the kernel was read */
export function wireTooltip(wire: Wire, source: string | undefined): string {
  const evidence = wire.evidence.slice(0, 20).map((one) => `- ${evidenceText(one, (name) => markdownCode(name, 80))}`);
  return paragraphs(
    facts([
      [l10n.t('In the container'), wire.containerLink && linkRef(wire.containerLink)],
      [
        wire.kind === 'macvlan' || wire.kind === 'ipvlan' ? l10n.t('Parent on the host') : l10n.t('On the host'),
        wire.hostLink && linkRef(wire.hostLink),
      ],
      [l10n.t('Bridge'), wire.bridge === undefined ? undefined : markdownCode(wire.bridge)],
      [l10n.t('Network namespace'), wire.sandbox === undefined ? undefined : markdownCode(wire.sandbox)],
      [l10n.t('Confidence'), confidenceText(wire.confidence)],
      [l10n.t('Candidates'), nameList(wire.candidates)],
      [l10n.t('Read by'), source === undefined ? undefined : markdownText(kernelSourceText(source))],
    ]),
    evidence.length === 0 ? undefined : `${l10n.t('Evidence, strongest first:')}\n${evidence.join('\n')}`,
  );
}

function hostEnd(wire: Wire): string {
  if (wire.hostLink !== undefined) return visible(wire.hostLink.name, 40);
  return wire.candidates.length === 0 ? '?' : l10n.t('? ({0} candidates)', wire.candidates.length);
}

function linkRef(link: { readonly name: string; readonly ifindex: number }): string {
  return `${markdownCode(link.name)} (ifindex ${link.ifindex})`;
}
