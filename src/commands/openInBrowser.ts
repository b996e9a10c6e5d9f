import { Uri, env, l10n, window } from 'vscode';
import type { CurrentSession } from '../editor/currentSession.ts';
import type { Forwards } from '../forwards/forwards.ts';
import type { Container } from '../topology/model.ts';
import { chooseContainers, subjectsOf } from './chosen.ts';
import { pick } from './pick.ts';
import { freshLookup } from './snapshot.ts';

interface Place {
  readonly address: string;
  readonly port: number;
}

/** Through the editor's own port forwarding where the window is remote. */
export async function openInBrowser(
  { current, forwards }: { readonly current: CurrentSession; readonly forwards: Forwards },
  argument: unknown,
): Promise<void> {
  const lookup = await freshLookup(current);
  const [subject] = subjectsOf(argument, undefined);
  const placeHolder = l10n.t('Open a port of which container?');
  const places = (container: Container): readonly (Place & { readonly containerPort: number })[] => [
    ...container.ports.flatMap(({ containerPort, protocol, hostIp, hostPort }) =>
      hostPort === undefined || protocol !== 'tcp'
        ? []
        : [{ address: reachable(hostIp), port: hostPort, containerPort }],
    ),
    ...forwards
      .list()
      .filter(({ containerId }) => containerId === container.id)
      .map(({ localPort, containerPort }) => ({ address: '127.0.0.1', port: localPort, containerPort })),
  ];
  const fits = (container: Container): boolean => places(container).length > 0;
  const [container] = await chooseContainers(lookup, subject === undefined ? [] : [subject], placeHolder, fits);
  if (container === undefined) {
    void window.showInformationMessage(l10n.t('It publishes no TCP port.'));
    return;
  }
  const port = subject?.kind === 'container' ? subject.port?.containerPort : undefined;
  const wanted = places(container).filter(({ containerPort }) => port === undefined || containerPort === port);
  const unique = [...new Map(wanted.map((place) => [`${place.address} ${place.port}`, place])).values()];
  const chosen =
    unique.length === 1
      ? unique[0]
      : await pick(
          [
            [
              '',
              unique.map((place) => ({
                label: `${place.address}:${place.port}`,
                description: `${place.containerPort}/tcp`,
                value: place,
              })),
            ],
          ],
          l10n.t('Open which one?'),
        );
  if (chosen !== undefined) await openUrl(chosen.address, chosen.port);
}

/** `0.0.0.0` and `::` are no addresses to go to. */
function reachable(hostIp: string | undefined): string {
  if (hostIp === undefined || hostIp === '0.0.0.0' || hostIp === '' || hostIp === '::') return '127.0.0.1';
  return hostIp.includes(':') ? `[${hostIp}]` : hostIp;
}

export async function openUrl(address: string, port: number): Promise<void> {
  const scheme = port === 443 || port === 8443 ? 'https' : 'http';
  await env.openExternal(await env.asExternalUri(Uri.parse(`${scheme}://${address}:${port}/`, true)));
}
