import assert from 'node:assert/strict';
import { suite, test } from 'mocha';
import * as vscode from 'vscode';
import type { Snapshot } from '../../../src/topology/model.ts';

interface Manifest {
  readonly contributes: { readonly commands: readonly { readonly command: string }[] };
}

/** What other extensions get (docs/api.md), as they see it: the types are theirs to write down. */
interface Api {
  readonly apiVersion: number;
  snapshot(): Promise<Snapshot>;
}

const id = 'docker-network-explorer.docker-network-explorer';

function extension(): vscode.Extension<Api> {
  const found = vscode.extensions.getExtension<Api>(id);
  assert.ok(found, `${id} is not there`);
  return found;
}

export function activationSuite(): void {
  suite('Activation', () => {
    test('the extension comes up without an engine', async () => {
      await extension().activate();
      assert.equal(extension().isActive, true);
    });

    test('every command that a menu or the palette offers does something', async () => {
      await extension().activate();
      const { contributes } = extension().packageJSON as Manifest;
      const offered = contributes.commands.map(({ command }) => command);
      const registered = new Set(await vscode.commands.getCommands(true));
      assert.ok(offered.length > 0);
      assert.deepEqual(
        offered.filter((command) => !registered.has(command)),
        [],
      );
    });

    test('another extension gets networks, containers and wires from the API', async () => {
      const api = await extension().activate();
      assert.equal(api.apiVersion, 1);
      const snapshot = await api.snapshot();
      assert.ok(snapshot.networks.length > 0);
      assert.ok(snapshot.containers.length > 0);
      assert.ok(snapshot.wires.some(({ confidence }) => confidence === 'exact'));
    });
  });
}
