import { describe, expect, it } from 'vitest';
import { EngineError, type EngineConnection } from '../../../src/engine/engine.ts';
import { takenAtText } from '../../../src/editor/takenAtText.ts';
import { messageText, statusText } from '../../../src/views/engineText.ts';
import { hasRows, viewState } from '../../../src/views/viewState.ts';
import { container, snapshot, tutorial } from '../support/snapshots.ts';

const connection: EngineConnection = {
  key: 'context:lab',
  label: 'lab',
  endpoint: 'unix:///run/lab.sock',
  origin: 'context',
  readOnly: false,
};
const failed = (kind: 'unreachable' | 'denied') =>
  ({ kind: 'failed', error: new EngineError(kind, 'no socket'), attempt: 1 }) as const;

describe('what the views say about the engine', () => {
  it('a lost connection takes the rows away and says why, though an old snapshot is there', () => {
    const state = viewState(failed('unreachable'), tutorial());
    expect(state).toBe('unreachable');
    expect(hasRows(state)).toBe(false);
    expect(viewState(failed('denied'), tutorial())).toBe('denied');
  });

  it('while a connection is made again the rows stay, with their age', () => {
    expect(viewState({ kind: 'connecting' }, tutorial())).toBe('ready');
    expect(messageText({ kind: 'connecting' }, tutorial(), connection)).toMatch(
      /^Connecting… These rows are from .+\.$/,
    );
  });

  it('an engine without containers and own networks is empty, and still lists the built-in ones', () => {
    expect(viewState({ kind: 'ready' }, snapshot())).toBe('empty');
    expect(hasRows('empty')).toBe(true);
    expect(viewState({ kind: 'ready' }, snapshot({ containers: [container('one')] }))).toBe('ready');
  });

  it('a recording is labelled as one', () => {
    const recorded = tutorial({ recorded: true });
    expect(messageText({ kind: 'ready' }, recorded, { ...connection, label: 'sample' })).toMatch(
      /^Recording: sample, taken /,
    );
    expect(statusText({ kind: 'ready' }, recorded, connection).text).toContain('Recording lab');
  });

  it('a recording with a nonsense time says that time, and does not fail', () => {
    expect(takenAtText(tutorial({ takenAt: 'yester\u202Eday' }))).toBe('yester⟨U+202E⟩day');
  });

  it('the status bar counts running containers and networks', () => {
    const { text, spoken, tooltip, warning } = statusText({ kind: 'ready' }, tutorial(), connection);
    expect(text).toBe('$(type-hierarchy) lab  $(vm-running) 9  $(plug) 5');
    expect(spoken).toBe('lab: 9 running containers, 5 networks');
    expect(tooltip).toContain('Docker 20.10.24, API 1.41');
    expect(warning).toBe(false);
  });

  it('the tooltip says where the rules of the firewall are, as far as the engine tells', () => {
    const { engine } = tutorial();
    const newer = tutorial({ engine: { ...engine, version: '29.0.4', apiVersion: '1.52', firewall: 'nftables' } });
    const { tooltip } = statusText({ kind: 'ready' }, newer, connection);
    expect(tooltip.split('\n')[1]).toBe('Docker 29.0.4, API 1.52, nftables');
  });

  it('the status bar says that the engine is down, and shows no old counts', () => {
    const { text, warning } = statusText(failed('unreachable'), tutorial(), connection);
    expect(text).toBe('$(warning) lab: not reachable');
    expect(warning).toBe(true);
  });

  it('the status bar shows no counts that nobody keeps up to date', () => {
    expect(statusText({ kind: 'idle' }, tutorial(), connection).text).toBe('$(type-hierarchy) lab');
  });
});
