import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { PositionMemory } from '../../../src/panels/positions.ts';
import { FakeMemory } from './fakes.ts';

describe('remembered places', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('come back in the next window, each engine its own', () => {
    const memory = new FakeMemory();
    const first = new PositionMemory(memory);
    first.set('a', { 'network:1': [1, 2] });
    first.set('b', { 'network:1': [3, 4] });
    first.dispose();
    const second = new PositionMemory(memory);
    expect(second.of('a')).toEqual({ 'network:1': [1, 2] });
    expect(second.of('b')).toEqual({ 'network:1': [3, 4] });
    expect(second.of('c')).toEqual({});
  });

  it('are written once for many changes', () => {
    const memory = new FakeMemory();
    const positions = new PositionMemory(memory, 500);
    for (let at = 0; at < 100; at += 1) positions.set('a', { node: [at, 0] });
    expect(memory.writes).toBe(0);
    vi.advanceTimersByTime(500);
    expect(memory.writes).toBe(1);
    positions.dispose();
    expect(memory.writes).toBe(1);
  });

  it('are those of the 20 engines that were arranged last', () => {
    const positions = new PositionMemory(new FakeMemory());
    for (let at = 0; at < 25; at += 1) {
      positions.set('first', { node: [at, at] });
      positions.set(`engine${at}`, { node: [at, 0] });
    }
    expect(positions.of('engine5')).toEqual({});
    expect(positions.of('engine6')).toEqual({ node: [6, 0] });
    expect(positions.of('first')).toEqual({ node: [24, 24] });
    positions.dispose();
  });

  it.each([undefined, 'junk', { key: 'a' }, [null, 7, { key: 1, positions: {} }, { key: 'a', positions: { x: 'y' } }]])(
    'are none where somebody else wrote: %j',
    (value) => {
      const memory = new FakeMemory();
      memory.value = value;
      expect(new PositionMemory(memory).of('a')).toEqual({});
    },
  );
});
