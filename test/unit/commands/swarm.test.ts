import fc from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';
import { env, window, type LogOutputChannel } from 'vscode';
import { Acting } from '../../../src/commands/act.ts';
import type { Handler } from '../../../src/commands/run.ts';
import { emptyService, serviceAction, serviceFields, serviceHandlers } from '../../../src/commands/runService.ts';
import {
  advertiseField,
  emptyInit,
  initAction,
  leaveDetails,
  nodeChoice,
  swarmHandlers,
} from '../../../src/commands/swarm.ts';
import { withoutManagerText } from '../../../src/commands/swarmStatus.ts';
import { CurrentSession } from '../../../src/editor/currentSession.ts';
import { lookupOf } from '../../../src/editor/lookup.ts';
import type { EngineControl, SwarmControl, SwarmNode, SwarmStatus } from '../../../src/engine/control.ts';
import type { Engine } from '../../../src/engine/engine.ts';
import { readOnlyControl } from '../../../src/engine/readOnly.ts';
import type { EngineSession } from '../../../src/live/session.ts';
import { anyCharacter } from '../support/anyCharacter.ts';
import { commandText } from '../support/commandText.ts';
import { container, endpoint, hostile, network, snapshot, tutorial } from '../support/snapshots.ts';

const manager: SwarmStatus = {
  state: 'active',
  manager: true,
  address: '192.0.2.2',
  managerAddresses: ['192.0.2.2:2377'],
  nodes: 1,
  managers: 1,
  error: '',
};
const node: SwarmNode = {
  ...{ id: 'n1', name: 'one', role: 'manager', leader: true, reachable: true, availability: 'active' },
  ...{ state: 'ready', address: '192.0.2.2', engineVersion: '28.5.2' },
};

/** The editor's part, until the test ends: what is asked is answered by `answer`, what is said is collected. */
function person(answer: (items: readonly string[]) => string | undefined): {
  readonly said: string[];
  readonly clipboard: string[];
} {
  const said: string[] = [];
  const clipboard: string[] = [];
  const ask = (message: string, options: unknown, ...buttons: readonly string[]): Promise<string | undefined> => {
    const { detail = '' } = (typeof options === 'object' ? options : {}) as { readonly detail?: string };
    said.push(message, detail);
    return Promise.resolve(answer(typeof options === 'string' ? [options, ...buttons] : buttons));
  };
  const own = {
    showInformationMessage: ask,
    showWarningMessage: ask,
    showQuickPick: (items: readonly { readonly label: string }[]) => {
      const chosen = answer(items.map(({ label }) => label));
      return Promise.resolve(items.find(({ label }) => label === chosen));
    },
    setStatusBarMessage: (text: string) => said.push(text),
    withProgress: () => Promise.resolve(),
  };
  Object.assign(window, own);
  const language = { ...env };
  Object.assign(env, { clipboard: { writeText: (text: string) => Promise.resolve(void clipboard.push(text)) } });
  onTestFinished(() => {
    for (const name of Object.keys(own)) Reflect.deleteProperty(window, name);
    Reflect.deleteProperty(env, 'clipboard');
    Object.assign(env, language);
  });
  return { said, clipboard };
}

interface Stage {
  readonly handlers: Readonly<Record<string, Handler>>;
  /** Lines of the log. */
  readonly log: string[];
  /** What was asked of the engine. */
  readonly calls: string[];
  readonly acting: Acting;
}

/** The commands on an engine that answers as `swarm` does. */
function stage(swarm: Partial<SwarmControl>, readOnly = false): Stage {
  const calls: string[] = [];
  const noted = <T extends object>(name: string, target: T): T =>
    new Proxy(target, {
      get: (from, key) => {
        const value: unknown = Reflect.get(from, key);
        if (typeof value === 'function') calls.push(`${name}.${String(key)}`);
        return value;
      },
    });
  const control: EngineControl = { ...readOnlyControl, swarm: noted('swarm', { ...readOnlyControl.swarm, ...swarm }) };
  const engine = { connection: { readOnly }, control } as unknown as Engine;
  const now = snapshot();
  const session = {
    engine,
    snapshot: now,
    state: { kind: 'ready' },
    refresh: () => Promise.resolve(now),
    onDidChangeState: () => ({ dispose: () => undefined }),
    onDidChangeSnapshot: () => ({ dispose: () => undefined }),
    setActive: () => undefined,
    dispose: () => undefined,
  } as unknown as EngineSession;
  const current = new CurrentSession();
  onTestFinished(() => current.dispose());
  current.replace(session);
  const log: string[] = [];
  const channel = { info: (line: string) => log.push(line), warn: (line: string) => log.push(line) };
  const acting = new Acting(current, channel as unknown as LogOutputChannel);
  return { handlers: { ...swarmHandlers(current, acting), ...serviceHandlers(current, acting) }, log, calls, acting };
}

async function call({ handlers }: Stage, command: string): Promise<void> {
  await handlers[`dockerNetworks.${command}`]?.(undefined, undefined);
}

describe('on a recording', () => {
  it.each(['initSwarm', 'copyJoinToken', 'leaveSwarm', 'showSwarmNodes', 'runService', 'removeService'])(
    '%s is refused, and nothing is asked of it',
    async (command) => {
      const { said } = person(() => undefined);
      const on = stage({}, true);
      await expect(call(on, command)).rejects.toMatchObject({ name: 'EngineError', kind: 'readOnly' });
      expect({ said, calls: on.calls }).toEqual({ said: [], calls: [] });
    },
  );
});

describe('what only a manager can', () => {
  const worker = { ...manager, manager: false };

  it.each(['copyJoinToken', 'showSwarmNodes', 'runService', 'removeService'])(
    '%s: a worker is told whom to ask, and asks nothing itself',
    async (command) => {
      const { said } = person(() => undefined);
      const on = stage({ status: () => Promise.resolve(worker) });
      await call(on, command);
      expect(said.join(' ')).toContain('192.0.2.2:2377');
      expect(on.calls).toEqual(['swarm.status']);
    },
  );

  it('is told for every state, also with words of strangers', () => {
    for (const state of ['pending', 'error', 'locked', 'active', '\u202E$(x)'])
      expect(withoutManagerText({ ...worker, state, managerAddresses: [], error: 'a\u202Eb' })).not.toContain('\u202E');
  });
});

describe('a join token', () => {
  const secret = 'SWMTKN-1-s3cret';
  const copied = async (button: string) => {
    const { said, clipboard } = person((items) => items.find((item) => [button, 'manager'].includes(item)));
    const on = stage({
      status: () => Promise.resolve(manager),
      joinToken: () => Promise.resolve({ token: secret, address: '192.0.2.2:2377' }),
    });
    await call(on, 'copyJoinToken');
    return { said: said.join(' '), clipboard, log: on.log };
  };

  it('is shown in no window and no log, and is copied when it is asked for', async () => {
    const { said, clipboard, log } = await copied('Copy Command');
    expect(clipboard).toEqual([`docker swarm join --token ${secret} 192.0.2.2:2377`]);
    expect(said).toContain('docker swarm join --token SWMTKN-1-•••• 192.0.2.2:2377');
    expect(said).toContain('take over');
    expect(log).toEqual(['$ docker swarm join-token manager']);
    expect(`${said} ${log.join(' ')}`).not.toContain('s3cret');
  });

  it('can be copied alone, and is not when the person leaves', async () => {
    expect((await copied('Copy Token')).clipboard).toEqual([secret]);
    expect((await copied('Escape')).clipboard).toEqual([]);
  });
});

describe('leaving', () => {
  const over = network('over', { driver: 'overlay', scope: 'swarm' });
  const task = { 'com.docker.swarm.task.id': 't1' };
  const here = snapshot({
    networks: [over],
    containers: [
      container('plain', { endpoints: [endpoint('plain', over)] }),
      container('web.1', { endpoints: [endpoint('web.1', over)], labels: task }),
    ],
  });

  it('names what is lost', () => {
    const last = leaveDetails(lookupOf(here), { impact: 'swarm', services: ['web'] }).join('\n');
    for (const word of ['secrets', '• web', '• over', '• plain']) expect(last).toContain(word);
    expect(last).not.toContain('web.1');
    const worker = leaveDetails(lookupOf(here), { impact: 'worker', services: undefined }).join('\n');
    expect(worker).toContain('• over');
    expect(worker).not.toContain('secrets');
  });

  it.each([
    ['the last manager', manager, [node], true, 'End the swarm?'],
    ['one of three managers', { ...manager, managers: 3 }, [node, node, node], true, 'Let '],
    ['a worker', { ...manager, manager: false }, [], false, 'Let '],
    ['one whose swarm is locked', { ...manager, manager: false, state: 'locked' }, [], true, 'Let '],
  ])('%s is asked, and then told to with force only where it needs it', async (_, status, nodes, force, question) => {
    const { said } = person((items) => items.find((item) => item === 'Leave'));
    const forced: boolean[] = [];
    const on = stage({
      status: () => Promise.resolve(status),
      nodes: () => Promise.resolve(nodes),
      services: () => Promise.resolve([]),
      leave: (with_) => Promise.resolve(void forced.push(with_)),
    });
    await call(on, 'leaveSwarm');
    expect(forced).toEqual([force]);
    expect(said[0]).toContain(question);
    expect(on.log).toEqual([`$ docker swarm leave${force ? ' --force' : ''}`]);
  });

  it('does nothing where the person does not agree, and says what it is about where nobody can', async () => {
    person(() => undefined);
    const on = stage({ status: () => Promise.resolve(manager), nodes: () => Promise.reject(new Error('no majority')) });
    await call(on, 'leaveSwarm');
    expect(on.calls).not.toContain('swarm.leave');
    expect(on.log).toEqual([]);
  });
});

it('a node is listed with role, availability, state and address; choosing it copies the address', async () => {
  expect(nodeChoice(node)).toMatchObject({ label: 'one', description: 'manager, leader · active · ready · 192.0.2.2' });
  expect(nodeChoice({ ...node, leader: false, reachable: false }).detail).toContain('do not hear it');
  const { clipboard } = person((items) => items.find((item) => item === 'one'));
  const on = stage({ status: () => Promise.resolve(manager), nodes: () => Promise.resolve([node]) });
  await call(on, 'showSwarmNodes');
  expect(clipboard).toEqual(['192.0.2.2']);
  expect(on.log).toEqual(['$ docker node ls']);
});

it('a service is removed after the question that names it', async () => {
  const { said } = person((items) => items.find((item) => ['web', 'Remove'].includes(item)));
  const removed: string[] = [];
  const on = stage({
    status: () => Promise.resolve(manager),
    services: () => Promise.resolve([{ id: 's1', name: 'web', image: 'nginx', replicas: 2, ports: [] }]),
    removeService: (id) => Promise.resolve(void removed.push(id)),
  });
  await call(on, 'removeService');
  expect(removed).toEqual(['s1']);
  expect(said[0]).toContain('web');
  expect(on.log).toEqual(['$ docker service rm web']);
});

describe('whatever is typed into a form', () => {
  const anything = fc.oneof(fc.string({ unit: anyCharacter, maxLength: 60 }), fc.string({ maxLength: 60 }));
  const awkward = [
    '',
    ' ',
    '--help',
    '$(reboot)',
    '\u202Eevil',
    '\u0000',
    'a=b',
    '80:80',
    '1.2.3.4:80:80',
    '1-9:1',
    '-1',
  ];

  it('of a new service is judged at its field, also on an engine full of hostile names', () => {
    for (const one of [tutorial(), hostile()])
      for (const field of serviceFields(lookupOf(one), [], [], readOnlyControl)) {
        if (field.typed === undefined) continue;
        const { typed, problem } = field;
        fc.assert(
          fc.property(anything, (text) => {
            const draft = typed({ ...emptyService, image: 'busybox' }, text);
            const wrong = problem?.(draft);
            if (wrong !== undefined) expect(wrong).toMatch(/\S/);
            else expect(commandText(serviceAction(draft))).not.toContain('\u0000');
          }),
          { examples: awkward.map((text) => [text]), numRuns: awkward.length + 40 },
        );
      }
  });

  it('of a new service says who has the name or the port', () => {
    const port = { containerPort: 80, publishedPort: 8080, protocol: 'tcp', mode: 'ingress' } as const;
    const fields = serviceFields(
      lookupOf(snapshot()),
      [],
      [{ id: 's1', name: 'web', image: 'nginx', ports: [port] }],
      readOnlyControl,
    );
    const problem = (id: string, change: Partial<typeof emptyService>): string | undefined =>
      fields.find((field) => field.id === id)?.problem?.({ ...emptyService, ...change });
    expect(problem('name', { name: 'web' })).toContain('web');
    expect(problem('ports', { ports: '8080:80' })).toContain('service web');
    expect(problem('ports', { ports: '8080:80', publishMode: 'host' })).toContain('service web');
    expect(problem('ports', { ports: '127.0.0.1:8081:80' })).toContain('127.0.0.1');
    expect(problem('ports', { ports: '8081:80' })).toBeUndefined();
    expect(problem('replicas', { replicas: '' })).toBeDefined();
  });

  it('as an advertised address has to be one, or the name of a link', () => {
    const { problem } = advertiseField(lookupOf(tutorial()));
    const judged = (advertiseAddress: string): string | undefined => problem?.({ advertiseAddress });
    for (const text of ['', '192.0.2.1', '2001:db8::1', 'eth0']) expect(judged(text), text).toBeUndefined();
    for (const text of ['300.1.1.1', '1:2', 'a b', 'x'.repeat(40)]) expect(judged(text), text).toBeDefined();
    expect(commandText(initAction(emptyInit))).toBe('docker swarm init');
    expect(commandText(initAction({ advertiseAddress: '192.0.2.1' }))).toBe(
      'docker swarm init --advertise-addr 192.0.2.1',
    );
  });
});
