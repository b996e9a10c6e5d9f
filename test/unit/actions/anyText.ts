import fc from 'fast-check';
import { hostileNames } from '../support/snapshots.ts';
import { anyCharacter } from '../support/anyCharacter.ts';

/** Any text a person or a program could put into a field: printable, absurd, and near to what the parsers read. */
export const anyText = fc.oneof(
  fc.string({ unit: anyCharacter, maxLength: 60 }),
  fc.string({ unit: fc.constantFrom(...Array.from('0123456789.:/-,=[]"\'\\ab \n%@')), maxLength: 60 }),
  fc.constantFrom(...Object.values(hostileNames), ',', '=', '"', ':'.repeat(20_000), '0'.repeat(50_000)),
);
