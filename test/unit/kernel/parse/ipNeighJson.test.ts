import { expect, it } from 'vitest';
import { parseIpNeighJson } from '../../../../src/kernel/parse/ipNeighJson.ts';

it('the forwarding database of a VXLAN device tells hosts, those of other links tell nothing', () => {
  // iproute2 6.1, in the sandbox of an overlay network.
  const text = JSON.stringify([
    { dev: 'br0', lladdr: '33:33:00:00:00:01', state: ['PERMANENT'] },
    { dev: 'vxlan0', lladdr: '82:7a:0c:26:11:88', state: ['PERMANENT'] },
    { dev: 'vxlan0', dst: '198.18.0.2', lladdr: '02:42:0A:4D:00:03', state: ['NOARP', 'PERMANENT'] },
    { dev: 'vxlan0', dst: '198.18.0.3', lladdr: '00:00:00:00:00:00', state: ['NOARP', 'PERMANENT'] },
    { dev: 'vxlan0', dst: '???', lladdr: '02:42:0a:4d:00:04' },
    null,
  ]);
  expect(parseIpNeighJson(text)).toEqual([{ mac: '02:42:0a:4d:00:03', host: '198.18.0.2' }]);
});

it.each(['', '{}', 'Usage: ip neigh'])('what is no such list is empty: %j', (text) => {
  expect(parseIpNeighJson(text)).toEqual([]);
});
