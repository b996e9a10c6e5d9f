import { expect, it } from 'vitest';
import { lookupOf } from '../../../src/editor/lookup.ts';
import { menusOf } from '../../../src/panels/menus.ts';
import { graphOf } from '../../../src/topology/graph.ts';
import { tutorial } from '../support/snapshots.ts';

function words(recorded: boolean): string[] {
  const snapshot = tutorial({ recorded });
  const menus = menusOf(new Map([['a', { lookup: lookupOf(snapshot) }]]), graphOf(snapshot), () => true);
  return [...new Set([...menus.values()].flatMap(({ tokens }) => tokens.split(';')))];
}

const changes = /^can:(remove|stop|start|restart|pause|connect|disconnect|rename|publish|unpublish|edit|run|open|tail)/;

it('an element of a recording offers nothing that changes an engine', () => {
  expect(words(false).filter((word) => changes.test(word)).length).toBeGreaterThan(8);
  expect(words(true).filter((word) => changes.test(word))).toEqual([]);
});

it('an element of a recording can be looked at as any other', () => {
  const isLook = (word: string): boolean => word.startsWith('can:') && !changes.test(word);
  expect(words(true)).toEqual(expect.arrayContaining(['can:inspect', 'can:copyName', 'can:revealInTree']));
  const unsure = words(false).filter((word) => isLook(word) && !words(true).includes(word));
  expect(unsure.filter((word) => /inspect|copy|reveal|show/.test(word))).toEqual([]);
});
