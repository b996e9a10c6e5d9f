import type { Texts } from '../../protocol/texts.ts';
import type { GraphIndex } from '../graphIndex.ts';
import { nameWithHost } from '../labels.ts';
import type { State } from '../state.ts';
import { fill } from '../texts.ts';

export interface BreadcrumbProps {
  readonly state: State;
  readonly index: GraphIndex | undefined;
  readonly texts: Texts;
  readonly focus: (focus: State['focus']) => void;
}

const hopChoices = [1, 2, 'all'] as const;

/** What the view is narrowed to, the way back, and how far around it reaches. */
export function Breadcrumb({ state, index, texts, focus }: BreadcrumbProps) {
  const { focus: at } = state;
  if (!at || !index) return <span class="breadcrumb" />;
  return (
    <nav class="breadcrumb" aria-label={texts.breadcrumb}>
      <button type="button" class="link-button" onClick={() => focus(undefined)}>
        {texts.overview}
      </button>
      <span class="codicon codicon-chevron-right" aria-hidden="true" />
      <strong>{nameWithHost(index, at.id, texts)}</strong>
      <select
        aria-label={texts.hops}
        value={String(at.hops)}
        onChange={(event) => {
          const hops = hopChoices.find((choice) => String(choice) === event.currentTarget.value) ?? 1;
          focus({ id: at.id, hops });
        }}
      >
        {hopChoices.map((hops) => (
          <option key={hops} value={String(hops)}>
            {hops === 'all' ? texts.hopsAll : fill(texts.hopsCount, hops)}
          </option>
        ))}
      </select>
    </nav>
  );
}
