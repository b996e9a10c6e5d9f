import { expect, test } from 'vitest';
import { dockerCommand } from '../../../src/actions/dockerCommand.ts';
import { leftoversOf } from '../../../src/actions/leftovers.ts';
import type { Container } from '../../../src/topology/model.ts';
import { container, snapshot } from '../support/snapshots.ts';

const old = container('web-dne-old-0a1b2c', { state: 'exited' });
const restored = ['docker rename web-dne-old-0a1b2c web', 'docker start web'];

test.each<[string, readonly Container[], readonly string[]]>([
  ['before the replacement was there', [old], restored],
  ['before it was started', [old, container('web', { state: 'created' })], ['docker rm web', ...restored]],
  ['before the old one was removed', [old, container('web')], ['docker rm web-dne-old-0a1b2c']],
  ['and the replacement failed since', [old, container('web', { state: 'exited' })], ['docker rm web-dne-old-0a1b2c']],
  ['and the engine started it again', [{ ...old, state: 'running' }], restored.slice(0, 1)],
  ['and the engine started it again beside its replacement', [{ ...old, state: 'running' }, container('web')], []],
  ['of a name that only looks like it', [container('web-dne-old-0a1b2', { state: 'exited' })], []],
])('what was left of a replacement that broke off, %s, is set right', (_when, containers, commands) => {
  const typed = leftoversOf(snapshot({ containers })).flatMap(({ actions }) =>
    actions.map((action) => dockerCommand(action).join(' ')),
  );
  expect(typed).toEqual(commands);
});
