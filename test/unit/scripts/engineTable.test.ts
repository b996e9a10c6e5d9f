import { expect, test } from 'vitest';
import { engineTable, withTable } from '../../../scripts/engineTable.ts';
import type { VitestReport } from '../../../scripts/vitestLayer.ts';

type Status = 'passed' | 'failed' | 'pending';

/** As vitest's reporter writes it; each test as `FILE > DESCRIBE > … > TEST`. */
function reportOf(tests: Readonly<Record<string, Status>>): VitestReport {
  return {
    numPassedTests: 0,
    numFailedTests: 0,
    numPendingTests: 0,
    numTodoTests: 0,
    testResults: Object.entries(tests).map(([path, status]) => {
      const [file = '', ...titles] = path.split(' > ');
      const assertion = { ancestorTitles: titles.slice(0, -1), title: titles.at(-1) ?? '', status };
      return { name: `/somewhere/test/engine/${file}.engine.test.ts`, status: 'passed', assertionResults: [assertion] };
    }),
  };
}

/** One test for each row, on Docker 28.5. */
const newest: Readonly<Record<string, Status>> = {
  'engine > the engine port on Docker 28.5 > what it reads > lists every network as it is': 'passed',
  'engine > the engine port on Docker 28.5 > what it reads > lists every container as it is': 'passed',
  'engine > the engine port on Docker 28.5 > what happens on the engine > hears of it': 'passed',
  "wiring > wires on Docker 28.5 > read by 'root' > shows no wrong wire": 'passed',
  "wiring > wires on Docker 28.5 > read by 'an ordinary user' > shows no wrong wire": 'passed',
  'kernelAfar > the kernel of 28.5 from afar > read by a helper container > decides': 'passed',
  'listeners > who listens on the host of Docker 28.5 > is known': 'passed',
  'control > changes on Docker 28.5 > networks > a plain one': 'passed',
  'control > changes on Docker 28.5 > endpoints > connects': 'passed',
  'control > changes on Docker 28.5 > runs > one': 'passed',
  'overlay > an overlay network of a swarm of Docker 28.5 > draws the other node': 'passed',
  'overlay > an overlay network of Docker 28.5 by etcd > is told by its store': 'passed',
  'hosts > two nodes of a swarm of Docker 28.5 > have one tunnel between them': 'passed',
  'parents > networks of Docker 28.5 that ride on a parent > tell their mode': 'passed',
  'flannel > flannel below Docker 28.5 with its backend vxlan > is told': 'passed',
  "wiring > wires on Docker 28.5 > read by 'root' > names the parent of a macvlan interface and no bridge": 'passed',
  "wiring > wires on Docker 28.5 > read by 'root' > of ipvlan networks > names the parent of an ipvlan interface":
    'passed',
  'rootless > a rootless Docker 28.5 > is known as that by root, who sees every wire in its namespace': 'passed',
  "wiringOverlay > wires on a swarm of Docker 28.5 > are never wrong for 'root'": 'passed',
  'swarm > a swarm on Docker 28.5 > of one node > is told as docker tells it': 'passed',
  'recreate > recreation on Docker 28.5 > keeps everything': 'passed',
  'forwards > a forward on Docker 28.5 > leads to redis': 'passed',
  'logs > logs of Docker 28.5 > come': 'passed',
  'terminal > terminals of Docker 28.5 > a shell in a container > answers': 'passed',
  'transports > Docker 28.5 from afar > over TLS > is read': 'passed',
  'transports > Docker 28.5 from afar > over ssh > is read': 'passed',
};

/** The cells behind a feature, in the order of the engines. */
function cellsOf(tests: Readonly<Record<string, Status>>, feature: string): readonly string[] {
  const line = engineTable(reportOf({ ...newest, ...tests }))
    .split('\n')
    .find((each) => each.startsWith(`| ${feature} `));
  return (line ?? '')
    .split('|')
    .slice(2, -1)
    .map((cell) => cell.trim());
}

test('an engine has a mark where a test of the feature passed on it, and nowhere else', () => {
  expect(cellsOf({}, 'Logs')).toEqual(['–', '–', '✓', '–']);
  expect(cellsOf({ 'logs > logs of Docker 20.10 > come': 'passed' }, 'Logs')).toEqual(['✓', '–', '✓', '–']);
  expect(cellsOf({ 'logs > logs of Docker 20.10 > come': 'pending' }, 'Logs')).toEqual(['–', '–', '✓', '–']);
  expect(cellsOf({ 'terminal > terminals of Docker 26.1 > x': 'passed' }, 'Logs')).toEqual(['–', '–', '✓', '–']);
});

test('Podman is known by its name, in a file of its own and among the others', () => {
  const podman = 'podman > Podman > with the tutorial’s containers > tells by events who took which seat';
  expect(cellsOf({ [podman]: 'passed' }, 'Events')).toEqual(['–', '–', '✓', '✓']);
  const afar = 'kernelAfar > the kernel of podman from afar > read by a helper container > decides';
  expect(cellsOf({ [afar]: 'passed' }, 'Wires, by a helper container')).toEqual(['–', '–', '✓', '✓']);
});

test('what the kernel of this machine lacks is told apart from what was not tested', () => {
  const lacked = "wiring > wires on Docker 26.1 > read by 'root' > of ipvlan networks > shows none, because";
  expect(cellsOf({ [lacked]: 'passed' }, 'Wires of ipvlan')).toEqual(['–', '∅', '✓', '–']);
});

test('a version in the name of an inner test is not the engine that it ran on', () => {
  const inner = 'logs > logs of Docker 28.5 > are what Docker 20.10 wrote';
  expect(cellsOf({ [inner]: 'passed' }, 'Logs')).toEqual(['–', '–', '✓', '–']);
});

test('a feature that no test shows any more is told by its name', () => {
  const { 'logs > logs of Docker 28.5 > come': _, ...others } = newest;
  expect(() => engineTable(reportOf(others))).toThrow("'Logs'");
});

test('only what stands between the marks is replaced, and writing again changes nothing', () => {
  const table = engineTable(reportOf(newest));
  const before = '# Engines\n\n<!-- what passed -->\n\nold $1\n\n<!-- end -->\n\nThe rest.\n';
  const written = withTable(before, table);
  expect(written).toBe(`# Engines\n\n<!-- what passed -->\n\n${table}\n\n<!-- end -->\n\nThe rest.\n`);
  expect(withTable(written, table)).toBe(written);
  expect(() => withTable('# Engines\n', table)).toThrow('no place');
});
