import fc from 'fast-check';
import { expect, test } from 'vitest';
import { formatPublish, parsePublish, publishTexts } from '../../../src/actions/publish.ts';
import type { PublishSpec } from '../../../src/actions/specs.ts';
import { anyText } from './anyText.ts';

const port = (containerPort: number, more: Partial<PublishSpec> = {}): PublishSpec => ({
  containerPort,
  protocol: 'tcp',
  ...more,
});

test.each<[string, readonly PublishSpec[]]>([
  ['', []],
  ['80', [port(80)]],
  ['80/', [port(80)]],
  [':80', [port(80)]],
  ['::80', [port(80)]],
  ['0:80', [port(80)]],
  ['8080:80', [port(80, { hostPort: 8080 })]],
  ['08080:80', [port(80, { hostPort: 8080 })]],
  ['53:53/udp', [port(53, { hostPort: 53, protocol: 'udp' })]],
  ['53:53/UDP', [port(53, { hostPort: 53, protocol: 'udp' })]],
  ['9:9/sctp', [port(9, { hostPort: 9, protocol: 'sctp' })]],
  ['127.0.0.1:8080:80', [port(80, { hostIp: '127.0.0.1', hostPort: 8080 })]],
  ['127.0.0.1::80', [port(80, { hostIp: '127.0.0.1' })]],
  ['[::1]:8080:80/tcp', [port(80, { hostIp: '::1', hostPort: 8080 })]],
  ['[::]::80', [port(80, { hostIp: '::' })]],
  ['[127.0.0.1]:8080:80', [port(80, { hostIp: '127.0.0.1', hostPort: 8080 })]],
  ['90-91', [port(90), port(91)]],
  ['8000-8001:90-91', [port(90, { hostPort: 8000 }), port(91, { hostPort: 8001 })]],
  ['8000-8000:90', [port(90, { hostPort: 8000 })]],
  ['8000-8010:90', [port(90, { hostPort: 8000, hostPortEnd: 8010 })]],
  ['8000-8001:90-90', [port(90, { hostPort: 8000, hostPortEnd: 8001 })]],
  [
    '[::1]:8000-8010:90/udp,[::1]:8000-8010:91/udp',
    [90, 91].map((one) => port(one, { hostIp: '::1', hostPort: 8000, hostPortEnd: 8010, protocol: 'udp' })),
  ],
  ['8080:80, 53/udp\n443', [port(80, { hostPort: 8080 }), port(53, { protocol: 'udp' }), port(443)]],
  ['8080:80,8080:80/udp', [port(80, { hostPort: 8080 }), port(80, { hostPort: 8080, protocol: 'udp' })]],
])('%j publishes what docker would publish', (text, ports) => {
  expect(parsePublish(text)).toEqual({ value: ports });
});

test.each([
  ['x', { kind: 'portNumber', text: 'x' }],
  ['0', { kind: 'portNumber', text: '0' }],
  ['65536:80', { kind: 'portNumber', text: '65536' }],
  ['80:65536', { kind: 'portNumber', text: '65536' }],
  ['+80', { kind: 'portNumber', text: '+80' }],
  ['80-', { kind: 'portNumber', text: '' }],
  ['80:', { kind: 'port', text: '80:' }],
  ['1:2:3:4', { kind: 'port', text: '1:2:3:4' }],
  ['::1:8080:80', { kind: 'port', text: '::1:8080:80' }],
  ['80-81-82', { kind: 'port', text: '80-81-82' }],
  ['80/icmp', { kind: 'protocol', text: 'icmp' }],
  ['80/tcp/udp', { kind: 'protocol', text: 'tcp/udp' }],
  ['localhost:8080:80', { kind: 'notAddress', text: 'localhost' }],
  ['[]:8080:80', { kind: 'notAddress', text: '[]' }],
  ['[::1%lo]:8080:80', { kind: 'notAddress', text: '[::1%lo]' }],
  ['127.0.0.1:80', { kind: 'portNumber', text: '127.0.0.1' }],
  ['92-90', { kind: 'rangeOrder', text: '92-90' }],
  ['8000-8002:90-93', { kind: 'rangeLengths', host: 3, container: 4 }],
  ['8010-8000:80', { kind: 'rangeOrder', text: '8010-8000' }],
  ['8000-8010:80, 8000-8010:80', { kind: 'repeated', text: '8000-8010:80' }],
  ['8080:80, 8080:81', { kind: 'repeated', text: '8080:81' }],
  ['80 80', { kind: 'repeated', text: '80' }],
])('%j is refused with its reason', (text, problem) => {
  expect(parsePublish(text)).toEqual({ problem });
});

test('all ports can be published, and no more', () => {
  expect(parsePublish('1-65535:1-65535').value).toHaveLength(65_535);
  expect(parsePublish('1-65535:1-65535,1-2:1-2/udp')).toEqual({ problem: { kind: 'tooMany', maximum: 65_535 } });
});

test('ports survive being shown and typed again', () => {
  const spec = fc
    .record({
      containerPort: fc.integer({ min: 1, max: 12 }),
      protocol: fc.constantFrom('tcp', 'udp', 'sctp'),
      hostIp: fc.option(fc.constantFrom('127.0.0.1', '0.0.0.0', '::1', 'fe80::1'), { nil: undefined }),
      hostPort: fc.option(fc.integer({ min: 8000, max: 8012 }), { nil: undefined }),
      more: fc.option(fc.integer({ min: 1, max: 9 }), { nil: undefined }),
    })
    .map(({ hostIp, hostPort, more, containerPort, protocol }): PublishSpec => ({
      containerPort,
      protocol,
      ...(hostIp === undefined ? {} : { hostIp }),
      ...(hostPort === undefined ? {} : { hostPort }),
      ...(hostPort === undefined || more === undefined ? {} : { hostPortEnd: hostPort + more }),
    }));
  const unlike = ({ hostIp, hostPort, hostPortEnd, protocol, containerPort }: PublishSpec): string =>
    `${protocol} ${hostIp} ${hostPortEnd === undefined && hostPort !== undefined ? hostPort : `for ${containerPort}`}`;
  fc.assert(
    fc.property(fc.uniqueArray(spec, { selector: unlike }), (ports) => {
      expect(parsePublish(formatPublish(ports))).toEqual({ value: ports });
    }),
  );
});

test('ports that follow one another are one range', () => {
  const { value = [] } = parsePublish('127.0.0.1:8000-8002:90-92/udp, 80-81, 443:443');
  expect(publishTexts(value)).toEqual(['127.0.0.1:8000-8002:90-92/udp', '80-81', '443:443']);
  const chosen = parsePublish('8000-8010:80,8011:81,8012-8020:82').value ?? [];
  expect(publishTexts(chosen)).toEqual(['8000-8010:80', '8011:81', '8012-8020:82']);
});

test('any text is ports or a problem, and soon', () => {
  fc.assert(
    fc.property(anyText, (text) => {
      const { value, problem } = parsePublish(text);
      expect((value === undefined) !== (problem === undefined)).toBe(true);
    }),
  );
  expect(parsePublish('1.1.1.1::1-65535,2.2.2.2::1-65535,'.repeat(1000)).problem?.kind).toBe('tooMany');
});
