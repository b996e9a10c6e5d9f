import { l10n } from 'vscode';
import { whoBreaks } from '../actions/impact.ts';
import { exposureOf, type PortHolder } from '../actions/ports.ts';
import { hostPortText } from '../actions/publish.ts';
import type { PublishSpec } from '../actions/specs.ts';
import { addressOf, isHere, type Here, type ReachedEngine } from '../editor/containerAddress.ts';
import { listText } from '../editor/listText.ts';
import type { Lookup } from '../editor/lookup.ts';
import { visible } from '../editor/untrusted.ts';
import type { RecreateObstacle, RecreatePreview } from '../engine/control.ts';
import type { ForwardFault } from '../forwards/forwards.ts';
import { settings } from '../ids.ts';
import { isRunning, type Container } from '../topology/model.ts';
import { breakageText } from './breakageText.ts';

/** Who stands in the way of a host port. */
export function holderText(spec: PublishSpec, holder: PortHolder): string {
  const port = `${hostPortText(spec)}/${spec.protocol}`;
  if (spec.hostPortEnd !== undefined) return l10n.t('None of the host ports {0} is free.', port);
  if (holder.kind === 'container')
    return l10n.t('The host port {0} is published by the container {1}.', port, visible(holder.container.name, 80));
  const { process, pid } = holder.listener;
  if (process === undefined) return l10n.t('The host port {0} is taken by a process of the host.', port);
  return l10n.t('The host port {0} is taken by the process {1} ({2}).', port, visible(process, 40), pid ?? 0);
}

/** Which host ports the engine chooses from, where a range of them is asked for. */
export function choiceText(specs: readonly PublishSpec[]): string | undefined {
  const texts = specs.flatMap((spec) =>
    spec.hostPortEnd === undefined
      ? []
      : [l10n.t('Of the host ports {0} the engine takes a free one for {1}.', hostPortText(spec), spec.containerPort)],
  );
  return texts.length === 0 ? undefined : texts.slice(0, 3).join(' ');
}

/** Who can reach a port that is published on this address. */
export function exposureText(hostIp: string | undefined): string {
  switch (exposureOf(hostIp)) {
    case 'loopback':
      return l10n.t('only this machine can reach it');
    case 'all':
      return l10n.t('every machine that reaches this host can reach it, past a host firewall such as ufw, too');
    case 'address':
      return l10n.t('whoever reaches that address of the host can reach it');
  }
}

/** What stands in the way of replacing a container. `forwards`: whether a temporary forward is possible. */
export function obstacleText(obstacle: RecreateObstacle, forwards: boolean): string {
  switch (obstacle) {
    case 'removedWhenStopped':
      return forwards
        ? l10n.t(
            'It was started with --rm: stopping it deletes it, so there is no way back. Publish temporarily, or run it anew.',
          )
        : l10n.t(
            'It was started with --rm: stopping it deletes it, so there is no way back. Run it anew with the port.',
          );
    case 'swarmTask':
      return l10n.t('It is a task of a swarm service: publish the port of the service instead.');
    case 'noPortsInThisMode':
      return l10n.t(
        'In its network mode the engine publishes nothing: the port is one of the namespace that it shares.',
      );
  }
}

/** What a replaced container keeps, in a line. */
export function keptText(preview: RecreatePreview): string {
  const { networks, mounts, labels, links } = preview;
  const fixed = networks.flatMap((network) => network.fixed);
  const aliases = networks.flatMap((network) => network.aliases);
  const anonymous = mounts.filter(({ kind }) => kind === 'anonymous').length;
  const parts = [
    networks.length === 1 ? l10n.t('1 network') : l10n.t('{0} networks', networks.length),
    fixed.length === 0 ? '' : l10n.t('fixed addresses {0}', listText(fixed)),
    aliases.length === 0 ? '' : l10n.t('{0} aliases', aliases.length),
    links.length === 0 ? '' : l10n.t('{0} links', links.length),
    mounts.length === 0 ? '' : l10n.t('{0} mounts ({1} of them anonymous volumes)', mounts.length, anonymous),
    labels === 0 ? '' : l10n.t('{0} labels', labels),
    preview.healthCheck ? l10n.t('health check') : '',
    preview.restartPolicy === '' || preview.restartPolicy === 'no'
      ? ''
      : l10n.t('restart policy {0}', preview.restartPolicy),
    preview.limits ? l10n.t('limits') : '',
  ];
  return listText(parts.filter((part) => part !== ''));
}

/** What is lost, and who is troubled. */
export function lossText({ snapshot }: Lookup, container: Container, preview: RecreatePreview): readonly string[] {
  const broken = whoBreaks(snapshot, [container.id]);
  return [
    ...(preview.running ? [l10n.t('It stops for a moment: connections to it end.')] : []),
    ...(preview.writtenFiles === 0
      ? []
      : [l10n.t('Lost: {0} files that were written or changed inside it, outside of volumes.', preview.writtenFiles)]),
    ...(preview.managedBy === undefined
      ? []
      : [
          l10n.t(
            'It belongs to {0}, which may replace it at its next run by one without the port.',
            visible(preview.managedBy, 60),
          ),
        ]),
    ...(broken.length === 0 ? [] : [breakageText(broken)]),
  ];
}

/** Why there can be no temporary forward to a container, and what to do instead; undefined where there can be one. */
export function noForwardText(reached: ReachedEngine, container: Container, from?: Here): string | undefined {
  if (!isRunning(container)) return l10n.t('The container does not run.');
  if (addressOf(reached, container.id, from) !== undefined) return undefined;
  if (isHere(reached, from))
    return l10n.t(
      'It cannot be forwarded temporarily: it is on no bridge network with a subnet that leads nowhere else from here. Connect it to one first.',
    );
  const { kernel } = reached.snapshot ?? {};
  const isSwitchedOff =
    kernel?.kind === 'absent' && kernel.reason === 'disabled' && reached.engine.connection.endpoint.startsWith('unix:');
  const why = l10n.t(
    'It cannot be forwarded temporarily: the engine is not known to be on the machine where this window’s extensions run, and here its address may be another container’s.',
  );
  const instead = isSwitchedOff
    ? l10n.t('If it is on this machine, turn on the setting {0}, which proves it.', settings.readKernel)
    : l10n.t('Open a window on the engine’s machine for that.');
  return `${why} ${instead}`;
}

export function forwardFaultText(fault: ForwardFault, port: number): string {
  switch (fault) {
    case 'portTaken':
      return l10n.t('Port {0} of this machine is taken: choose another one, or none.', port);
    case 'noAddress':
      return l10n.t(
        'The container has no address that this machine could reach: it does not run, or is on no network.',
      );
    case 'unreachable':
      return l10n.t(
        'The container’s address is not reachable from here. Temporary forwards need an engine on the machine where this window’s extensions run.',
      );
    case 'privileged':
      return l10n.t('Port {0} may only be used by root: choose one from 1024 on.', port);
  }
}
