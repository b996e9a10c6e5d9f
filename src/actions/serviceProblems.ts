import { swarmNameProblem } from './nameProblems.ts';
import { numberProblem } from './numberProblem.ts';
import type { Problem } from './problem.ts';

/** Why a service cannot have a name: the swarm's rule (the same as for its networks), or another one has it. */
export type ServiceNameProblem = Problem | { readonly kind: 'serviceNameTaken'; readonly name: string };

/** Empty is no problem: the engine makes one up. `taken`: the names of the swarm's services. */
export function serviceNameProblem(text: string, taken: readonly string[]): ServiceNameProblem | undefined {
  if (text === '') return undefined;
  return swarmNameProblem(text) ?? (taken.includes(text) ? { kind: 'serviceNameTaken', name: text } : undefined);
}

/** More on one machine is a mistake of the keyboard. */
const mostReplicas = 10_000;

export function replicasProblem(text: string): Problem | undefined {
  return text === '' ? { kind: 'empty' } : numberProblem(text, 0, mostReplicas);
}
