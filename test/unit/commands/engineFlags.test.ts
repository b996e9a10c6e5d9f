import { expect, it } from 'vitest';
import { engineFlags } from '../../../src/commands/engineFlags.ts';
import type { EngineConnection } from '../../../src/engine/engine.ts';

type Case = readonly [key: string, endpoint: string, flags: string];

it.each<EngineConnection['origin']>(['DOCKER_HOST', 'DOCKER_CONTEXT', 'context', 'socket', 'recording'])(
  'what docker chooses itself needs no flag (%s)',
  (origin) => {
    expect(engineFlags({ key: 'context:far', endpoint: 'tcp://192.0.2.1:2376', origin })).toEqual([]);
  },
);

it.each<Case>([
  ['context:far', 'tcp://192.0.2.1:2376', '--context far'],
  ['unix:///run/other.sock', 'unix:///run/other.sock', '--host unix:///run/other.sock'],
  ['ssh://me@far', 'ssh://me@far', '--host ssh://me@far'],
  ['https://far:2376', 'https://far:2376', '--tlsverify --host tcp://far:2376'],
])('what a setting names is named to docker, too: %s', (key, endpoint, flags) => {
  expect(engineFlags({ key, endpoint, origin: 'setting' }).join(' ')).toBe(flags);
});
