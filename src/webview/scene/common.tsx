import type { ContainerState } from '../../topology/model.ts';
import type { ElementMenu } from '../../protocol/messages.ts';
import type { Texts } from '../../protocol/texts.ts';
import type { Measures } from './measure.ts';
import type { Marks } from './element.ts';

/** What every part of the drawing is given. */
export interface Drawn {
  readonly marks: Marks;
  readonly menus: Readonly<Record<string, ElementMenu>>;
  readonly texts: Texts;
  readonly measures: Measures;
  /** False in the first moment of a big picture: without what cannot be read from far away. */
  readonly detailed: boolean;
}

/** Value of `--most`: the biggest size at which a text of this width at size 1 is within its room. */
export const mostSize = (room: number, width: number): string => `${room / Math.max(1, width)}px`;

/** The state by shape as well as by colour. */
export function StateMark({ state, x, y }: { readonly state: ContainerState; readonly x: number; readonly y: number }) {
  switch (state) {
    case 'running':
      return <circle class="state running" cx={x} cy={y} r={4} />;
    case 'paused':
      return <path class="state paused" d={`M${x - 2} ${y - 4}v8M${x + 2} ${y - 4}v8`} />;
    case 'restarting':
      return <path class="state restarting" d={`M${x - 4} ${y + 3.5}h8L${x} ${y - 4}Z`} />;
    case 'dead':
    case 'removing':
      return <path class="state dead" d={`M${x - 3.5} ${y - 3.5}l7 7M${x + 3.5} ${y - 3.5}l-7 7`} />;
    case 'created':
    case 'exited':
    case 'unknown':
      return <circle class="state stopped" cx={x} cy={y} r={3.5} />;
  }
}
