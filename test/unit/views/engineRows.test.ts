import { describe, expect, it } from 'vitest';
import { EngineError } from '../../../src/engine/engine.ts';
import type { SessionState } from '../../../src/live/session.ts';
import type { Snapshot } from '../../../src/topology/model.ts';
import { engineRow, type ShownPlace } from '../../../src/views/engineRows.ts';
import type { Row } from '../../../src/views/row.ts';
import { FakeSession } from '../support/fakeSession.ts';
import { noContainers, noHostLinks, noNetworks } from '../../../src/views/emptyRows.ts';
import { hostile, snapshot, tutorial } from '../support/snapshots.ts';
import { contextOf } from './rows.ts';

const below: Row = { key: 'x', label: 'x', spoken: 'x', tokens: [] };

function place(state: SessionState, snapshot?: Snapshot, label = 'node-1'): ShownPlace {
  return { key: 'context:node-1', label, state, snapshot, session: new FakeSession('node-1', snapshot) };
}

const row = (of: ShownPlace): Row => engineRow(of, () => [below]);
const failed: SessionState = { kind: 'failed', error: new EngineError('timeout', 'no answer'), attempt: 3 };

describe('the row of an engine', () => {
  it('says what it is and what runs there, with its rows below', () => {
    const shown = row(place({ kind: 'ready' }, tutorial()));
    expect(shown.description).toMatch(/^Docker \d+\.\d+\S* · \d+ running containers, 5 networks$/);
    expect(shown.children?.()).toEqual([below]);
    expect(shown.tokens).toContain('can:disconnectEngine');
    expect(shown.tokens).toContain('can:createNetwork');
    expect(shown.engine).toBe('context:node-1');
  });

  it('says why there is nothing below it, whatever was known before', () => {
    const shown = row(place(failed, tutorial()));
    expect(shown.description).toMatch(/no answer$/);
    expect(shown.icon?.id).toBe('warning');
    const [why, ...more] = shown.children?.() ?? [];
    expect(more).toEqual([]);
    expect(why?.label).toMatch(/^.{10,}$/);
  });

  it('keeps its rows while it is only connected anew', () => {
    expect(row(place({ kind: 'connecting' }, tutorial())).children?.()).toEqual([below]);
    expect(
      row(place({ kind: 'connecting' }))
        .children?.()
        .map(({ label }) => label),
    ).toEqual(['Connecting to the engine…']);
  });

  it('offers nothing that needs what is not known, and no refresh where there is nothing to connect to', () => {
    expect(row(place(failed, tutorial())).tokens).toEqual(['engine', 'can:disconnectEngine', 'can:refreshEngine']);
    const left = row(place({ kind: 'disconnected' }));
    expect(left.tokens).toEqual(['engine', 'can:disconnectEngine']);
    expect(left.children?.().map(({ label }) => label)).toEqual(['No engine is connected.']);
  });

  it.each([
    ['networks', noNetworks, { showBuiltIn: false }, 'can:showBuiltIn'],
    ['containers', noContainers, { showStopped: false }, 'can:showStopped'],
    ['host links', noHostLinks, {}, 'can:readKernelAfar'],
  ] as const)('says why it has no %s, with what changes that', (_what, nothing, options, token) => {
    const empty = snapshot({ kernel: { kind: 'absent', reason: 'notAllowed' } });
    const { label, tokens } = nothing(contextOf(empty, options));
    expect(label.length).toBeGreaterThan(20);
    expect(tokens).toContain(token);
  });

  it('offers nothing that changes a recording', () => {
    const { tokens } = row(place({ kind: 'ready' }, { ...tutorial(), recorded: true }));
    expect(tokens).toEqual(['engine', 'can:disconnectEngine', 'can:refreshEngine']);
  });

  it('shows hostile names harmlessly', () => {
    const shown = row(place({ kind: 'ready' }, hostile(), 'evil\u202E$(warning)\n[x](command:y)'));
    expect(shown.label).not.toMatch(/[\u202E\n]/u);
    expect(shown.tooltip?.()).not.toMatch(/[^\\]\[x\]\(command:y\)/);
  });
});
