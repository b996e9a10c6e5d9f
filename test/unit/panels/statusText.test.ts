import { describe, expect, it } from 'vitest';
import { EngineError, type EngineConnection } from '../../../src/engine/engine.ts';
import { engineStatus } from '../../../src/panels/statusText.ts';
import { snapshot, tutorial } from '../support/snapshots.ts';

const connection: EngineConnection = {
  key: 'recording:x',
  label: 'sample\u202E',
  endpoint: 'x',
  origin: 'recording',
  readOnly: true,
};

describe('the state line of a diagram', () => {
  it('is empty where all is well, and says what is not known', () => {
    expect(engineStatus({ kind: 'ready' }, tutorial(), connection)).toEqual({ kind: 'ready', text: '' });
    const unread = engineStatus({ kind: 'ready' }, snapshot(), connection);
    expect(unread.kind).toBe('empty');
    expect(unread.text).toMatch(/^The kernel was not read: nothing proves/);
  });

  it('says that a recording is one, whatever its name is', () => {
    const { kind, text } = engineStatus({ kind: 'ready' }, tutorial({ recorded: true }), connection);
    expect(kind).toBe('ready');
    expect(text).toMatch(/^Recording: sample⟨U\+202E⟩, taken /);
  });

  it('says how old the picture is while there is no connection', () => {
    expect(engineStatus({ kind: 'connecting' }, undefined, undefined).text).toBe('Connecting to the engine…');
    expect(engineStatus({ kind: 'connecting' }, tutorial(), connection)).toMatchObject({ kind: 'connecting' });
    const failed = engineStatus(
      { kind: 'failed', error: new EngineError('timeout', 'no\nanswer'), attempt: 3 },
      tutorial(),
      connection,
    );
    expect(failed.kind).toBe('failed');
    expect(failed.text).toMatch(/did not answer in time.*⟨U\+000A⟩.*This picture is from/);
  });
});
