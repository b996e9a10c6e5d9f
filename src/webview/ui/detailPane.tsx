import type { Detail } from '../../protocol/messages.ts';
import type { Texts } from '../../protocol/texts.ts';
import { confidenceText } from '../labels.ts';
import type { Traffic } from '../traffic.ts';
import { Chart } from './chart.tsx';
import { Icon, IconButton } from './icon.tsx';

/** The card of what is selected, as far as it has arrived. */
export type DetailState =
  | { readonly kind: 'loading' }
  | { readonly kind: 'none' }
  | { readonly kind: 'failed'; readonly message: string }
  | { readonly kind: 'there'; readonly detail: Detail };

export interface DetailPaneProps {
  readonly name: string;
  readonly state: DetailState;
  readonly texts: Texts;
  readonly traffic: Traffic;
  readonly isContainersLink: (link: string) => boolean;
  /** The name alone of a link as the traffic has it. */
  readonly linkNameOf: (link: string) => string;
  readonly isKnown: (id: string) => boolean;
  readonly select: (id: string) => void;
  /** Absent for what is in no tree. */
  readonly reveal: (() => void) | undefined;
  readonly focusOn: () => void;
  readonly copy: (text: string) => void;
  readonly close: () => void;
}

export function DetailPane(props: DetailPaneProps) {
  const { name, state, texts, close, reveal, focusOn, copy } = props;
  const detail = state.kind === 'there' ? state.detail : undefined;
  return (
    <aside class="detail" aria-label={texts.details}>
      <header>
        <div>
          <h2>{detail?.title ?? name}</h2>
          {detail?.subtitle !== undefined && <p class="quiet">{detail.subtitle}</p>}
        </div>
        {detail && <IconButton icon="copy" label={texts.copy} onClick={() => copy(plainText(detail))} />}
        <IconButton icon="close" label={texts.close} onClick={close} />
      </header>
      {detail?.confidence && (
        <p class={`confidence ${detail.confidence}`}>
          <span class="confidence-line" aria-hidden="true" />
          {confidenceText(detail.confidence, texts)}
        </p>
      )}
      <div class="detail-actions">
        {reveal && (
          <button type="button" class="text-button" onClick={reveal}>
            <Icon name="list-tree" /> {texts.reveal}
          </button>
        )}
        <button type="button" class="text-button" onClick={focusOn}>
          <Icon name="target" /> {texts.focus}
        </button>
      </div>
      {state.kind === 'loading' && <p class="quiet">{texts.loading}</p>}
      {state.kind === 'none' && <p class="quiet">{texts.noDetail}</p>}
      {state.kind === 'failed' && <p class="error">{state.message}</p>}
      {detail && <Card {...props} detail={detail} />}
    </aside>
  );
}

function Card({
  detail,
  texts,
  traffic,
  isContainersLink,
  linkNameOf,
  isKnown,
  select,
}: DetailPaneProps & { readonly detail: Detail }) {
  const { trafficLink } = detail;
  const rates = trafficLink === undefined ? undefined : traffic.rates.get(trafficLink);
  return (
    <>
      {trafficLink !== undefined && traffic.last && (
        <Chart
          link={linkNameOf(trafficLink)}
          isContainers={isContainersLink(trafficLink)}
          rates={rates ?? []}
          texts={texts}
        />
      )}
      {detail.sections.map((section, position) => (
        <section key={`${position} ${section.title}`}>
          <h3>{section.title}</h3>
          <dl>
            {section.rows.map(({ label, value, code, target }, row) => (
              <div key={`${row} ${label}`}>
                <dt>{label}</dt>
                <dd class={code === true ? 'code' : ''}>
                  {target !== undefined && isKnown(target) ? (
                    <button type="button" class="link-button" onClick={() => select(target)}>
                      {value}
                    </button>
                  ) : (
                    value
                  )}
                </dd>
              </div>
            ))}
          </dl>
        </section>
      ))}
    </>
  );
}

/** The card as people paste it. */
function plainText({ title, subtitle, sections }: Detail): string {
  const head = subtitle === undefined ? [title] : [title, subtitle];
  const parts = sections.map((section) =>
    [section.title, ...section.rows.map(({ label, value }) => `  ${label}: ${value}`)].join('\n'),
  );
  return `${[head.join('\n'), ...parts].join('\n\n')}\n`;
}
