import type { JoinToken } from './specs.ts';

/** `masked`: for people to see. */
export function joinCommand({ token, address }: JoinToken, masked: boolean): readonly string[] {
  return ['docker', 'swarm', 'join', '--token', masked ? maskedToken(token) : token, address];
}

/** The kind and version of a token are the same everywhere; what follows is the swarm's own. */
function maskedToken(token: string): string {
  return `${/^SWMTKN-\d+-/.exec(token)?.[0] ?? ''}••••`;
}
