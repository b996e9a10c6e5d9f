import assert from 'node:assert/strict';
import { suite, teardown, test } from 'mocha';
import * as vscode from 'vscode';

const viewType = 'dockerNetworks.topology';

function diagrams(): readonly vscode.Tab[] {
  return vscode.window.tabGroups.all
    .flatMap(({ tabs }) => tabs)
    .filter(({ input }) => input instanceof vscode.TabInputWebview && input.viewType.endsWith(viewType));
}

async function until(what: string, isSo: () => boolean): Promise<void> {
  for (let tries = 0; tries < 400; tries += 1) {
    if (isSo()) return;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  assert.fail(`It never came to this: ${what}`);
}

export function diagramSuite(): void {
  suite('Topology diagram', () => {
    teardown(async () => {
      await vscode.window.tabGroups.close(diagrams());
    });

    test('opens once, is brought to the front again, and says which engine it shows', async () => {
      await vscode.commands.executeCommand('dockerNetworks.openDiagram');
      await until('a diagram is open', () => diagrams().length === 1);
      await until('it has the name of the recording', () => diagrams()[0]?.label.startsWith('Topology: ') === true);
      await vscode.commands.executeCommand('dockerNetworks.openDiagram');
      await vscode.commands.executeCommand('dockerNetworks.diagramFit');
      assert.equal(diagrams().length, 1);
    });

    test('opens beside another one', async () => {
      await vscode.commands.executeCommand('dockerNetworks.openDiagram');
      await until('a diagram is open', () => diagrams().length === 1);
      await vscode.commands.executeCommand('dockerNetworks.openAnotherDiagram');
      await until('a second one is open', () => diagrams().length === 2);
      assert.equal(vscode.window.tabGroups.all.length, 2);
    });

    test('the topology is copied as a Mermaid diagram', async () => {
      await vscode.commands.executeCommand('dockerNetworks.copyAsMermaid');
      const text = await vscode.env.clipboard.readText();
      assert.match(text, /docker0/);
    });
  });
}
