import { dockerCommand } from '../../../src/actions/dockerCommand.ts';
import { shellText } from '../../../src/actions/shellText.ts';
import type { Action } from '../../../src/actions/specs.ts';

/** The docker command of an action, on the engine of Docker's own choice. */
export function commandText(action: Action): string {
  return shellText(dockerCommand(action));
}
