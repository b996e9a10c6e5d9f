import { l10n } from 'vscode';
import { nextFreePort, portConflicts, type Listener } from '../actions/ports.ts';
import { parsePublish } from '../actions/publish.ts';
import type { PublishSpec } from '../actions/specs.ts';
import { choiceField, textField, type Field, type FormChoice } from '../editor/form.ts';
import type { Lookup } from '../editor/lookup.ts';
import { problemText } from '../editor/problemText.ts';
import { visible } from '../editor/untrusted.ts';
import type { RecreatePreview } from '../engine/control.ts';
import type { Container } from '../topology/model.ts';
import { exposureText, holderText, obstacleText } from './portText.ts';

export interface PortDraft {
  readonly container: Container;
  /** Undefined until the person said it. */
  readonly way: 'permanent' | 'temporary' | undefined;
  /** A number, or a range `8000-8010`. */
  readonly containerPort: string;
  readonly protocol: PublishSpec['protocol'];
  /** Empty: all addresses of the host. */
  readonly hostIp: string;
  readonly hostPort: string;
}

const portOrRange = /^\d{1,5}(-\d{1,5})?$/;

/** The draft in Docker's own words, read as Docker reads them. */
function parsed({ containerPort, protocol, hostIp, hostPort }: PortDraft): ReturnType<typeof parsePublish> {
  const address = hostIp === '' ? '' : `${hostIp.includes(':') ? `[${hostIp}]` : hostIp}:`;
  const host = hostPort === '' && address === '' ? '' : `${hostPort}:`;
  return parsePublish(`${address}${host}${containerPort}/${protocol}`);
}

export function specsOf(draft: PortDraft): readonly PublishSpec[] {
  return parsed(draft).value ?? [];
}

/** `noForward`: why a temporary forward is not possible, for people. */
export function portFields(
  lookup: Lookup,
  container: Container,
  preview: RecreatePreview,
  listeners: readonly Listener[],
  noForward: string | undefined,
): readonly Field<PortDraft>[] {
  const set = (draft: PortDraft, change: Partial<PortDraft>): PortDraft => ({ ...draft, ...change });
  const conflict = (draft: PortDraft): string | undefined => {
    for (const spec of specsOf(draft)) {
      const [holder] =
        spec.hostPort === undefined ? [] : portConflicts(lookup.snapshot, listeners, spec, heldBy(draft));
      if (holder === undefined) continue;
      const free = nextFreePort(lookup.snapshot, listeners, spec);
      const taken = holderText(spec, holder);
      return free === undefined ? taken : `${taken} ${l10n.t('{0} is free.', free)}`;
    }
    return undefined;
  };
  return [
    { ...wayField(preview, noForward), required: true },
    { ...containerPortField(container), required: true },
    choiceField<PortDraft, PublishSpec['protocol']>({
      id: 'protocol',
      label: l10n.t('Protocol'),
      placeHolder: l10n.t('Which protocol?'),
      applies: ({ way }) => way === 'permanent',
      choices: () => (['tcp', 'udp', 'sctp'] as const).map((value) => ({ label: value, value })),
      shown: ({ protocol }) => protocol,
      isChosen: ({ protocol }, value) => protocol === value,
      set: (draft, protocol) => set(draft, { protocol }),
    }),
    hostAddressField(lookup),
    textField<PortDraft>({
      id: 'hostPort',
      label: l10n.t('Host Port'),
      prompt: l10n.t(
        'A port, or a range: of the same length, or one of which a free port is taken. Nothing: any free one.',
      ),
      placeHolder: (draft) => proposal(lookup, listeners, draft),
      get: ({ hostPort }) => hostPort,
      set: (draft, hostPort) => set(draft, { hostPort }),
      problem: (draft, hostPort) => {
        const wanted = set(draft, { hostPort });
        if (hostPort !== '' && !portOrRange.test(hostPort))
          return l10n.t('A port number, or a range such as 8000-8010, is needed.');
        if (draft.way === 'temporary' && hostPort.includes('-'))
          return l10n.t('A temporary forward leads to one port, not to a range.');
        return draft.containerPort === '' ? undefined : (problemText(parsed(wanted).problem) ?? conflict(wanted));
      },
    }),
  ];
}

/** The container's own ports are given back before it takes them again. */
function heldBy({ way, container }: PortDraft): string | undefined {
  return way === 'permanent' ? container.id : undefined;
}

function proposal(lookup: Lookup, listeners: readonly Listener[], draft: PortDraft): string | undefined {
  const [spec] = specsOf({ ...draft, hostPort: draft.containerPort });
  const free = spec && nextFreePort(lookup.snapshot, listeners, spec);
  return free === undefined ? undefined : String(free);
}

function wayField(preview: RecreatePreview, noForward: string | undefined): Field<PortDraft> {
  const choices: FormChoice<NonNullable<PortDraft['way']>>[] = [
    ...(preview.obstacle === undefined
      ? [
          {
            label: l10n.t('Permanent'),
            detail: l10n.t(
              'The container is replaced by one that is the same and publishes the port: it stops for a moment, and comes back if anything fails.',
            ),
            value: 'permanent' as const,
          },
        ]
      : []),
    ...(noForward === undefined
      ? [
          {
            label: l10n.t('Temporary'),
            detail: l10n.t(
              'This window forwards a TCP port of this machine to the container, which is not touched: it ends with the window, and survives a restart of the container.',
            ),
            value: 'temporary' as const,
          },
        ]
      : []),
  ];
  const refused = preview.obstacle && obstacleText(preview.obstacle, noForward === undefined);
  const only = noForward && l10n.t('Docker cannot publish a port of a container that exists: it is replaced.');
  return choiceField<PortDraft, NonNullable<PortDraft['way']>>({
    id: 'way',
    label: l10n.t('Way'),
    placeHolder:
      refused ??
      (only === undefined
        ? l10n.t('Docker cannot publish a port of a container that exists. There are two ways around it:')
        : `${only} ${noForward}`),
    choices: () => choices,
    shown: ({ way }) => (way === undefined ? '' : way === 'permanent' ? l10n.t('permanent') : l10n.t('temporary')),
    isChosen: ({ way }, value) => way === value,
    set: (draft, way) =>
      way === 'temporary' ? { ...draft, way, protocol: 'tcp', hostIp: '127.0.0.1' } : { ...draft, way },
    problem: ({ way }) => (way === 'permanent' ? refused : way === 'temporary' ? noForward : undefined),
  });
}

/** A port as it is listed or typed. */
interface PortChoice {
  readonly text: string;
  readonly protocol: PublishSpec['protocol'];
}

function containerPortField({ ports }: Container): Field<PortDraft> {
  const known = [...new Map(ports.map((port) => [`${port.containerPort}/${port.protocol}`, port])).values()];
  const choices = known.map(({ containerPort, protocol, hostPort }): FormChoice<PortChoice> => ({
    label: `${containerPort}/${visible(protocol, 10)}`,
    description: hostPort === undefined ? l10n.t('exposed, not published') : l10n.t('published already'),
    value: { text: String(containerPort), protocol: protocolOf(protocol) },
  }));
  return choiceField<PortDraft, PortChoice>({
    id: 'containerPort',
    label: l10n.t('Container Port'),
    placeHolder: l10n.t('Which port of the container? Type one that is not listed, or a range such as 8000-8010.'),
    choices: () => choices,
    shown: ({ containerPort }) => containerPort,
    isChosen: ({ containerPort, protocol }, value) => containerPort === value.text && protocol === value.protocol,
    set: (draft, { text, protocol }) => ({
      ...draft,
      containerPort: text,
      protocol: draft.way === 'temporary' ? 'tcp' : protocol,
    }),
    problem: (draft) =>
      draft.containerPort === ''
        ? l10n.t('It cannot be empty.')
        : draft.way === 'temporary' && draft.containerPort.includes('-')
          ? l10n.t('A temporary forward leads to one port, not to a range.')
          : problemText(parsed({ ...draft, hostPort: '' }).problem),
    typed: (text) =>
      portOrRange.test(text)
        ? { label: text, description: l10n.t('as typed'), value: { text, protocol: 'tcp' } }
        : undefined,
  });
}

export function protocolOf(text: string): PublishSpec['protocol'] {
  return text === 'udp' || text === 'sctp' ? text : 'tcp';
}

function hostAddressField(lookup: Lookup): Field<PortDraft> {
  const own = (lookup.kernel?.host.links ?? [])
    .filter(({ kind }) => kind !== 'bridge' && kind !== 'loopback')
    .flatMap(({ addresses }) => addresses.map(({ address }) => address))
    .filter((address) => !address.toLowerCase().startsWith('fe80:'));
  const addresses = ['127.0.0.1', '', ...new Set(own)];
  const label = (address: string): string => (address === '' ? l10n.t('all addresses') : address);
  return choiceField<PortDraft, string>({
    id: 'hostIp',
    label: l10n.t('Host Address'),
    placeHolder: l10n.t('On which address of the host?'),
    applies: ({ way }) => way === 'permanent',
    choices: () =>
      addresses.map((address) => ({ label: label(address), description: exposureText(address), value: address })),
    shown: ({ hostIp }) => `${label(hostIp)} · ${exposureText(hostIp)}`,
    isChosen: ({ hostIp }, value) => hostIp === value,
    set: (draft, hostIp) => ({ ...draft, hostIp }),
  });
}
