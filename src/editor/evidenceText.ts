import { l10n } from 'vscode';
import type { Confidence, Evidence, KernelAbsence } from '../topology/model.ts';
import { visible } from './untrusted.ts';

/** How names are shown inside a sentence: as code in a tooltip, plain where there is no Markdown. */
export type NameFormat = (name: string) => string;

/** One reason of a wire as a sentence. */
export function evidenceText(evidence: Evidence, name: NameFormat): string {
  switch (evidence.kind) {
    case 'peerIndex':
      return l10n.t(
        '{0} in the container names ifindex {1} as its peer (iflink): on the host that is {2}.',
        name(evidence.containerLink),
        evidence.iflink,
        name(evidence.hostLink),
      );
    case 'pointsBack':
      return l10n.t('{0} points back: its iflink is {1}.', name(evidence.hostLink), evidence.iflink);
    case 'peerNamespace':
      return l10n.t(
        'The peer of {0} is in namespace id {1}, which another wire proved to be this container’s.',
        name(evidence.hostLink),
        evidence.netnsId,
      );
    case 'uniqueIndex':
      return l10n.t(
        'Of all veths of the host only {0} points at ifindex {1}.',
        name(evidence.hostLink),
        evidence.ifindex,
      );
    case 'fdb':
      return l10n.t(
        '{0} learned {1} on port {2}, which is {3}, {4} s ago (FDB).',
        name(evidence.bridge),
        name(evidence.mac),
        evidence.portNo,
        name(evidence.hostLink),
        Math.round(evidence.ageSeconds),
      );
    case 'counters':
      return l10n.t(
        'The packet counters of {0} mirror the container’s: what one end sent the other received ({1} packets).',
        name(evidence.hostLink),
        evidence.packets,
      );
    case 'onlyOneLeft':
      return l10n.t('{0} is the only veth left on {1}.', name(evidence.hostLink), name(evidence.bridge));
    case 'mac':
      return l10n.t('{0} has the endpoint’s MAC address {1}.', name(evidence.containerLink), name(evidence.mac));
    case 'subnet':
      return l10n.t(
        '{0} has the route to {1}, where the endpoint’s address {2} belongs.',
        name(evidence.containerLink),
        name(evidence.destination),
        name(evidence.address),
      );
    case 'onlyInterface':
      return l10n.t('{0} is the container’s only interface.', name(evidence.containerLink));
    case 'parent':
      return l10n.t('{0} rides on {1} (its iflink).', name(evidence.containerLink), name(evidence.parent));
    case 'recordedParent':
      return l10n.t(
        '{0} rides on {1}, as the engine’s record of the network says.',
        name(evidence.containerLink),
        name(evidence.parent),
      );
    case 'notOnBridge':
      return l10n.t('{0} is not plugged into {1}.', name(evidence.hostLink), name(evidence.bridge));
    case 'severalCandidates':
      return l10n.t('{0} veths fit, and nothing that can be read here decides between them.', evidence.count);
    case 'noCandidate':
      return evidence.bridge === '' ? l10n.t('No veth fits.') : l10n.t('No veth on {0} fits.', name(evidence.bridge));
    case 'otherNamespace':
      return l10n.t(
        'The {0} driver puts the other end into a namespace of its own, not onto a bridge of the host.',
        name(evidence.driver),
      );
    case 'noKernel':
      return l10n.t('The kernel was not read: {0}', absenceText(evidence.reason));
    case 'hostUnread':
      return l10n.t('Only the containers’ side was read, by commands in them: nothing is known of the host’s links.');
    case 'namespaceUnread':
      return l10n.t('The container’s network namespace could not be read.');
    case 'contradiction':
      return l10n.t('The readings of {0} contradict each other; it was changing just then.', name(evidence.hostLink));
  }
}

/** Why there is no kernel view, and what to do about it. Plain text. */
export function absenceText(reason: KernelAbsence): string {
  switch (reason) {
    case 'notLocal':
      return l10n.t(
        'the engine is not on the Linux machine where this extension runs. Open the folder on that machine (Remote - SSH or WSL) to see its links.',
      );
    case 'otherMachine':
      return l10n.t(
        'no process of this machine belongs to a container of this engine: it runs on another machine or in a virtual machine, as Docker Desktop does.',
      );
    case 'otherNamespace':
      return l10n.t(
        'the engine runs on this kernel, but in a network namespace that cannot be entered from here, as rootless engines do.',
      );
    case 'unproven':
      return l10n.t(
        'nothing proves that the engine is on this machine: no container of it runs, or its processes are hidden (hidepid). Start a container, or see the log.',
      );
    case 'disabled':
      return l10n.t('reading it is switched off by the setting dockerNetworks.readKernel.');
    case 'notAllowed':
      return l10n.t(
        'its links can be read by a short-lived container on the engine’s machine alone, and nobody has allowed that yet.',
      );
    case 'noImage':
      return l10n.t(
        'the engine has no image for the short-lived container that would read it. Pull busybox or alpine, for example.',
      );
    case 'failed':
      return l10n.t('reading it failed; the log says why.');
  }
}

export function confidenceText(confidence: Confidence): string {
  switch (confidence) {
    case 'exact':
      return l10n.t('exact: the kernel says so');
    case 'likely':
      return l10n.t('likely: nothing else fits');
    case 'unknown':
      return l10n.t('unknown: the evidence does not decide');
  }
}

/** `KernelView.source` in words: whose reading the evidence is. */
export function kernelSourceText(source: string): string {
  switch (source) {
    case 'local':
      return l10n.t('the files of this machine');
    case 'helper':
      return l10n.t('a short-lived helper container on the engine’s machine');
    case 'exec':
      return l10n.t('commands in the containers');
    default:
      return visible(source, 40);
  }
}
