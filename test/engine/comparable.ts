/** Of `GET /containers/{id}/json`: what no two containers have in common, or what changes while one runs. */
const ownFields = new Set([
  ...['Id', 'Created', 'GraphDriver', 'ResolvConfPath', 'HostnamePath', 'HostsPath', 'LogPath', 'Storage'],
  ...['SandboxID', 'SandboxKey', 'EndpointID', 'Pid', 'StartedAt', 'FinishedAt', 'Health', 'RestartCount'],
]);

/** Chosen by the engine where nobody asked for it. */
const chosenFields = new Set(['IPAddress', 'MacAddress', 'GlobalIPv6Address', 'NetworkID']);

export interface Comparison {
  /** Texts that stand for the same, in all values and keys: the two names, for example. */
  readonly same: Readonly<Record<string, string>>;
  /** `keep` where addresses and MACs are the same in both. */
  readonly addresses: 'keep' | 'drop';
}

/** An inspection without its container's own: two of containers that were made in the same way are equal then. */
export function comparable(inspect: unknown, { same, addresses }: Comparison): unknown {
  const id = (inspect as { readonly Id?: string }).Id ?? '';
  const replacements = [...Object.entries(same), ...(id === '' ? [] : [[id.slice(0, 12), 'SHORT'] as const])];
  const plain = (value: string): string => replacements.reduce((text, [from, to]) => text.replaceAll(from, to), value);
  const walk = (value: unknown): unknown => {
    if (typeof value === 'string') return plain(value);
    if (Array.isArray(value)) return value.map(walk).sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).flatMap(([key, item]) => {
        if (ownFields.has(key) || (addresses === 'drop' && chosenFields.has(key))) return [];
        const walked = isVolume(key, item) && addresses === 'drop' ? 'VOLUME' : walk(item);
        return isNothing(walked) ? [] : [[plain(key), walked]];
      }),
    );
  };
  return walk(inspect);
}

/** The name, or the place, of a volume that nobody named. */
function isVolume(key: string, value: unknown): boolean {
  return (key === 'Name' || key === 'Source') && typeof value === 'string' && /(^|\/)[0-9a-f]{64}(\/|$)/.test(value);
}

/** Engines write "not set" in five ways. Order is kept nowhere: mounts and aliases have none. */
function isNothing(value: unknown): boolean {
  if (value === null || value === undefined || value === '' || value === 0 || value === false) return true;
  return typeof value === 'object' && Object.keys(value).length === 0;
}
