import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  aliasProblem,
  containerNameProblem,
  imageProblem,
  linkNameProblem,
  networkNameProblem,
  swarmNameProblem,
} from '../../../src/actions/nameProblems.ts';
import { engineInfo, idOf, snapshot, tutorial } from '../support/snapshots.ts';
import { anyText } from './anyText.ts';

test.each([
  ['', { kind: 'empty' }],
  ['a b', { kind: 'character', character: ' ' }],
  ['a=b', { kind: 'character', character: '=' }],
  ['naïve', { kind: 'character', character: 'ï' }],
  ['a😀', { kind: 'character', character: '😀' }],
  ['-a', { kind: 'firstCharacter', character: '-' }],
  ['x'.repeat(254), { kind: 'tooLong', maximum: 253 }],
  ['host', { kind: 'reservedName', name: 'host' }],
  ['default', { kind: 'reservedName', name: 'default' }],
  ['my-bridge', { kind: 'networkNameTaken', name: 'my-bridge', id: idOf('net my-bridge'), driver: 'bridge' }],
  ['a', undefined],
  ['Shop_1.2-x', undefined],
])('a network cannot be called %j without being told why', (name, problem) => {
  expect(networkNameProblem(name, tutorial())).toEqual(problem);
});

test('an engine of Windows containers has one more name of its own', () => {
  expect(networkNameProblem('nat', snapshot())).toBeUndefined();
  expect(networkNameProblem('nat', snapshot({ engine: { ...engineInfo, os: 'windows' } }))?.kind).toBe('reservedName');
});

test.each([
  ['a_b', undefined],
  ['x'.repeat(63), undefined],
  ['x'.repeat(64), { kind: 'tooLong', maximum: 63 }],
  ['a.b', { kind: 'swarmName' }],
  ['a-', { kind: 'swarmName' }],
])('a swarm’s network named %j is judged as the swarm does', (name, problem) => {
  expect(swarmNameProblem(name)).toEqual(problem);
});

test('names that a swarm would judge for ever are judged at once', () => {
  expect(swarmNameProblem(`${'a-'.repeat(50_000)}!`)).toEqual({ kind: 'swarmName' });
});

test.each([
  ['', undefined],
  ['a', { kind: 'tooShort', minimum: 2 }],
  ['web', undefined],
  ['_web', { kind: 'firstCharacter', character: '_' }],
  ['we/b', { kind: 'character', character: '/' }],
  ['test1', { kind: 'containerNameTaken', name: 'test1', id: idOf('ctr test1') }],
])('a container cannot be called %j without being told why', (name, problem) => {
  expect(containerNameProblem(name, tutorial())).toEqual(problem);
});

test('a container that keeps its name is not told that it is taken', () => {
  expect(containerNameProblem('test1', tutorial(), 'test1')).toBeUndefined();
});

test.each([
  ['db', undefined],
  ['_dmarc.example', undefined],
  ['größe', undefined],
  ['a b', { kind: 'character', character: ' ' }],
  ['.a', { kind: 'firstCharacter', character: '.' }],
  ['', { kind: 'empty' }],
])('the alias %j is one that others can ask for', (alias, problem) => {
  expect(aliasProblem(alias)).toEqual(problem);
});

test.each([
  ['', undefined],
  ['br-shop', undefined],
  ['x'.repeat(15), undefined],
  ['x'.repeat(16), { kind: 'tooLong', maximum: 15 }],
  ['é'.repeat(8), { kind: 'tooLong', maximum: 15 }],
  ['..', { kind: 'linkName', name: '..' }],
  ['a/b', { kind: 'character', character: '/' }],
  ['br%d', { kind: 'character', character: '%' }],
  ['a b', { kind: 'character', character: ' ' }],
  ['a:b', { kind: 'character', character: ':' }],
])('the kernel would judge the link name %j the same', (name, problem) => {
  expect(linkNameProblem(name)).toEqual(problem);
});

const hex = 'a'.repeat(64);

test.each([
  'nginx',
  'nginx:1.27-alpine',
  'library/nginx',
  'ghcr.io/team/app_x:v1',
  'localhost/app',
  'localhost:5000/app:latest',
  'registry.example:5000/a/b--c/d__e',
  '[2001:db8::1]:5000/app',
  `nginx@sha256:${hex}`,
  `nginx:1@sha256:${hex}`,
  'UPPER.example/app',
  `sha256:${hex}`,
])('the image %s is accepted', (text) => {
  expect(imageProblem(text)).toBeUndefined();
});

test.each([
  ['', 'empty'],
  ['Nginx', 'imageUpperCase'],
  ['team/Nginx:1', 'imageUpperCase'],
  ['nginx:', 'imageTag'],
  ['nginx:-x', 'imageTag'],
  [`nginx:${'x'.repeat(129)}`, 'imageTag'],
  ['nginx@', 'imageDigest'],
  ['nginx@sha256:abc', 'imageDigest'],
  [`nginx@sha256:${hex}0`, 'imageDigest'],
  ['nginx latest', 'image'],
  ['-nginx', 'image'],
  ['a//b', 'image'],
  ['/a', 'image'],
  ['a___b', 'image'],
  ['http://a/b', 'image'],
  ['-bad-.example/a', 'image'],
  ['x'.repeat(256), 'tooLong'],
  ['x'.repeat(100_000), 'tooLong'],
])('the image %s is refused with its reason', (text, kind) => {
  expect(imageProblem(text)?.kind).toBe(kind);
});

test('no text makes a check of names fail or hang', () => {
  const machine = tutorial();
  fc.assert(
    fc.property(anyText, (text) => {
      const problems = [
        networkNameProblem(text, machine),
        swarmNameProblem(text),
        containerNameProblem(text, machine),
        aliasProblem(text),
        linkNameProblem(text),
        imageProblem(text),
      ];
      for (const problem of problems) expect(problem?.kind).not.toBe('');
    }),
  );
});
