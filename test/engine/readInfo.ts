/** Prints what the engine at DOCKER_HOST says of itself. A program of its own, so that a test can run it as any user. */
import { openEngine } from './openEngine.ts';

const engine = openEngine(process.env['DOCKER_HOST'] ?? '');
try {
  process.stdout.write(JSON.stringify(await engine.info()));
} finally {
  engine.close();
}
