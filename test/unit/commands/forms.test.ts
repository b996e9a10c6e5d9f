import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { emptyDraft, type DraftDriver } from '../../../src/actions/networkDraft.ts';
import { networkAction, networkFields } from '../../../src/commands/network.ts';
import {
  emptyEndpoint,
  endpointDraft,
  endpointFields,
  endpointSpec,
  untoldNote,
  type EndpointDraft,
} from '../../../src/commands/endpointForm.ts';
import { emptyRun, runAction, runFields } from '../../../src/commands/runContainer.ts';
import { portFields, specsOf, type PortDraft } from '../../../src/commands/portForm.ts';
import type { RecreatePreview } from '../../../src/engine/control.ts';
import type { Field } from '../../../src/editor/form.ts';
import { readOnlyControl } from '../../../src/engine/readOnly.ts';
import { endpoint, hostile, network, networks, tutorial } from '../support/snapshots.ts';
import { lookupOf } from '../../../src/editor/lookup.ts';
import { anyCharacter } from '../support/anyCharacter.ts';
import { commandText } from '../support/commandText.ts';

const nothingKept: RecreatePreview = {
  obstacle: undefined,
  running: true,
  networks: [],
  ports: [],
  mounts: [],
  labels: 0,
  healthCheck: false,
  restartPolicy: '',
  limits: false,
  links: [],
  managedBy: undefined,
  writtenFiles: 0,
};

/** What people type, and what nobody should. */
const awkward = [
  ...['', ' ', '-', '--help', '$(reboot)', '`id`', '; rm -rf /', '../../etc/passwd', '\u202Eevil', '\u0000'],
  'a'.repeat(5000),
  ...['0', '-1', '65536', '1e9', '0x10', 'NaN', '300.1.1.1', '10.0.0.0/33', '::/129', '172.17.0.0/16', '0.0.0.0/0'],
  ...['a=b', '=', 'a=b,a=c', '"a', '80', '80:80', '1-65535:1-65535', '[::1]:80:80', 'a:b:c:d', '80/foo', '99999:80'],
];
const anything = fc.oneof(fc.string({ unit: anyCharacter, maxLength: 60 }), fc.string({ maxLength: 60 }));

/** Fields that take a line of text say so by an editing function that types into the draft. */
function typed<T>(field: Field<T>, draft: T, text: string): T | undefined {
  return field.typed?.(draft, text);
}

/** Each field of a form, fed with anything: a sentence at the field or a value; never a throw. */
function feed<T>(fields: readonly Field<T>[], start: T, command: (draft: T) => string | undefined): void {
  for (const field of fields) {
    if (typed(field, start, '') === undefined) continue;
    fc.assert(
      fc.property(anything, (text) => {
        const draft = typed(field, start, text);
        if (draft === undefined) throw new Error('it takes no text');
        const problem = field.problem?.(draft);
        if (problem !== undefined) expect(problem).toMatch(/\S/);
        // Where the sheet would let it go to the engine, there is a command for it on one line or in quotes.
        else expect(command(draft) ?? '').not.toContain('\u0000');
      }),
      { examples: awkward.map((text) => [text]), numRuns: awkward.length + 40 },
    );
  }
}

describe('whatever is typed into a form', () => {
  const snapshot = tutorial();

  it.each<DraftDriver>(['bridge', 'macvlan', 'ipvlan', 'overlay'])(
    'of a new %s network is judged at its field',
    (driver) => {
      const start = { ...emptyDraft(driver), name: 'fine', parent: 'eth0' };
      feed(networkFields(snapshot), start, (draft) => commandText(networkAction(draft)));
    },
  );

  it('of a seat on a network is judged at its field', () => {
    const fields = endpointFields<EndpointDraft>(
      snapshot,
      (draft) => draft,
      (_before, draft) => draft,
      () => networks.myBridge,
    );
    feed(fields, emptyEndpoint, (draft) => JSON.stringify(endpointSpec(draft)));
  });

  it('of a port to publish is judged at its field', () => {
    const container = snapshot.containers.find(({ name }) => name === 'redis');
    if (container === undefined) throw new Error('no redis');
    const start: PortDraft = {
      container,
      way: 'permanent',
      containerPort: '80',
      protocol: 'tcp',
      hostIp: '127.0.0.1',
      hostPort: '',
    };
    feed(portFields(lookupOf(snapshot), container, nothingKept, [], undefined), start, (draft) =>
      JSON.stringify(specsOf(draft)),
    );
  });

  it('of a new container is judged at its field, also on an engine full of hostile names', () => {
    for (const one of [snapshot, hostile()])
      feed(runFields(lookupOf(one), [], readOnlyControl), { ...emptyRun, image: 'busybox' }, (draft) =>
        commandText(runAction(draft)),
      );
  });
});

describe('a seat that is edited', () => {
  const overlay = network('over', { driver: 'overlay', scope: 'swarm' });
  const seat = { endpointId: 'e', ipv4: '10.77.0.2', fixedIpv4: '10.77.0.2', aliases: ['db'] };

  it('does not keep for good the address that a swarm chose, and says so', () => {
    const running = endpoint('a', overlay, seat);
    const draft = endpointDraft(running, overlay);
    expect(endpointSpec(draft)).toEqual({ aliases: ['db'], links: [], driverOptions: {} });
    expect(untoldNote(draft, running, overlay)).toContain('10.77.0.2');
    expect(untoldNote({ ...draft, ipv4: '10.77.0.2' }, running, overlay)).toBeUndefined();
  });

  it('keeps the address that was fixed', () => {
    const { ipv4: _, ...resting } = { ...seat, endpointId: '' };
    for (const [one, on] of [
      [endpoint('a', overlay, resting), overlay],
      [endpoint('a', networks.myBridge, seat), networks.myBridge],
    ] as const) {
      const draft = endpointDraft(one, on);
      expect(endpointSpec(draft).ipv4).toBe('10.77.0.2');
      expect(untoldNote(draft, one, on)).toBeUndefined();
    }
  });
});
