import { describe, expect, it } from 'vitest';
import { subjectOf } from '../../../src/editor/subject.ts';
import { menuContext } from '../../../src/protocol/menuContext.ts';

describe('the menu of an element', () => {
  it('comes to a command as an argument that it reads like a row', () => {
    const subject = { kind: 'endpoint', containerId: 'a', networkId: 'b' } as const;
    const context = JSON.parse(menuContext({ tokens: 'endpoint;can:inspect', subject })) as object;
    // As VS Code makes the argument of it.
    expect(subjectOf({ ...context, webview: 'dockerNetworks.topology' })).toEqual(subject);
    expect(context).toMatchObject({ dneTokens: 'endpoint;can:inspect', preventDefaultContextMenuItems: true });
  });
});
