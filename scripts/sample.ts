/**
 * `npm run sample`: records media/sample.json from a real engine of the lab with the tutorial's topology.
 * Run it again when the model changes; what it writes is what the extension's Open Sample shows.
 */
import { writeFile } from 'node:fs/promises';
import { stringifyRecording } from '../src/engine/recorded.ts';
import { startEngine } from '../test/lab/labEngine.ts';
import { openLabSession } from '../test/lab/openSession.ts';
import { tutorialTopology } from '../test/lab/topology.ts';
import { root } from './repository.ts';

const say = (line: string): void => void process.stdout.write(`${line}\n`);
const engine = await startEngine({ version: '20.10', log: say });
try {
  await tutorialTopology(engine);
  // Bridges learn addresses from traffic: without it the forwarding database in the picture would be empty.
  await engine.docker('exec', 'test2', 'ping', '-c', '2', 'test1');
  await engine.docker('exec', 'test2', 'ping', '-c', '2', 'test3');
  const session = openLabSession(engine.dockerHost);
  const snapshot = await session.refresh();
  const raw = Object.fromEntries([...snapshot.networks, ...snapshot.containers].map(({ id }) => [id, session.raw(id)]));
  session.dispose();
  const unknown = snapshot.wires.filter(({ confidence }) => confidence !== 'exact');
  if (unknown.length > 0) throw new Error(`not every wire is exact: ${JSON.stringify(unknown)}`);
  const label = `the tutorial, on Docker ${snapshot.engine.version}`;
  const text = stringifyRecording({ recordedAt: snapshot.takenAt, label, snapshot, raw });
  // The lab's own directories say nothing about Docker, and differ in every run.
  const neutral = text.replaceAll(engine.directory, '/var/lib/docker-lab').replaceAll(engine.name, 'tutorial');
  const file = `${root}/media/sample.json`;
  await writeFile(file, neutral);
  say(
    `${file}: ${snapshot.containers.length} containers, ${snapshot.networks.length} networks, ${snapshot.wires.length} wires`,
  );
} finally {
  engine.dispose();
}
