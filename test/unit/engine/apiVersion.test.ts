import { expect, test } from 'vitest';
import { negotiate } from '../../../src/engine/docker/apiVersion.ts';
import { EngineError } from '../../../src/engine/engine.ts';

function failure(version: unknown): EngineError {
  try {
    negotiate(version);
  } catch (error) {
    if (error instanceof EngineError) return error;
  }
  throw new Error('was accepted');
}

test('an older engine is spoken to in its own version, a newer one in ours', () => {
  expect(negotiate({ ApiVersion: '1.41', MinAPIVersion: '1.12' })).toBe('1.41');
  expect(negotiate({ ApiVersion: '1.55', MinAPIVersion: '1.40' })).toBe('1.54');
  expect(negotiate({ ApiVersion: '1.24' })).toBe('1.24');
});

test.each([
  ['20.10', '1.12', '1.41', '1.41'],
  ['28.5.2', '1.24', '1.51', '1.51'],
  // Refuses everything before Docker 25's version.
  ['29.0.4', '1.44', '1.52', '1.52'],
  // Takes a MAC when it connects a container, if it is spoken to in 1.54 at least.
  ['29.3.0', '1.40', '1.54', '1.54'],
])('Docker %s with the versions %s to %s is spoken to in %s', (release, oldest, newest, spoken) => {
  expect(negotiate({ Version: release, MinAPIVersion: oldest, ApiVersion: newest })).toBe(spoken);
});

test('an engine that is too old is told so, with both versions', () => {
  const { kind, message } = failure({ Version: '1.11.2', ApiVersion: '1.23' });
  expect(kind).toBe('unsupported');
  expect(message).toContain('1.23');
  expect(message).toContain('1.24');
});

test('an engine that is too new is told so, with both versions', () => {
  const { kind, message } = failure({ Version: '99.0', ApiVersion: '2.10', MinAPIVersion: '2.0' });
  expect(kind).toBe('unsupported');
  expect(message).toContain('2.0');
  expect(message).toContain('1.54');
});

test('1.9 is older than 1.24: versions are no decimal fractions', () => {
  expect(failure({ ApiVersion: '1.9' }).kind).toBe('unsupported');
});

test.each([undefined, null, [], 'OK', {}, { ApiVersion: 1.41 }, { ApiVersion: '1.41; rm' }])(
  '%j is no Docker Engine',
  (answer) => {
    expect(failure(answer).kind).toBe('protocol');
  },
);
