import type { Texts } from '../../protocol/texts.ts';
import { fill, rateText } from '../texts.ts';
import { chartPath, chartSeconds, chartTop, type Rate } from '../traffic.ts';

export interface ChartProps {
  /** Its name. */
  readonly link: string;
  /** True where the link is a container's host end: then what it receives is what the container sends. */
  readonly isContainers: boolean;
  readonly rates: readonly Rate[];
  readonly texts: Texts;
}

const width = 240;
const height = 48;

/** A link's traffic in the last minute. */
export function Chart({ link, isContainers, rates, texts }: ChartProps) {
  const last = rates.at(-1);
  const top = chartTop(rates);
  const now = last?.at ?? 0;
  const received = isContainers ? fill(texts.trafficFromContainer, link) : texts.trafficReceived;
  const sent = isContainers ? fill(texts.trafficToContainer, link) : texts.trafficSent;
  return (
    <section class="traffic" aria-label={texts.traffic}>
      <h3>{texts.traffic}</h3>
      {last ? (
        <>
          <svg
            class="chart"
            viewBox={`0 0 ${width} ${height}`}
            preserveAspectRatio="none"
            role="img"
            aria-label={fill(texts.trafficChart, link, chartSeconds)}
          >
            <path class="rx" d={chartPath(rates, (rate) => rate.rx, now, top, width, height)} />
            <path class="tx" d={chartPath(rates, (rate) => rate.tx, now, top, width, height)} />
          </svg>
          <p class="chart-scale">
            {rateText(top)} · {chartSeconds} s
          </p>
          <dl>
            <div>
              <dt>
                <span class="swatch rx" /> rx · {received}
              </dt>
              <dd class="code">{rateText(last.rx)}</dd>
            </div>
            <div>
              <dt>
                <span class="swatch tx" /> tx · {sent}
              </dt>
              <dd class="code">{rateText(last.tx)}</dd>
            </div>
          </dl>
        </>
      ) : (
        <p class="quiet">{texts.trafficWaiting}</p>
      )}
    </section>
  );
}
