import type { Texts } from '../../protocol/texts.ts';

/** What the lines mean. The samples are drawn with the classes of the drawing, so they cannot differ from it. */
export function Legend({ texts, hasTunnels }: { readonly texts: Texts; readonly hasTunnels: boolean }) {
  const rows: readonly (readonly [kind: string, text: string])[] = [
    ['wire exact', texts.legendExact],
    ['wire likely', texts.legendLikely],
    ['wire unknown', texts.legendUnknown],
    ['seat', texts.legendSeat],
    ['egress masquerade', texts.legendEgress],
    ['publish', texts.legendPublish],
    ['legacyLink', texts.legendLegacyLink],
  ];
  return (
    <div class="legend popover" role="group" aria-label={texts.legend}>
      <ul>
        {hasTunnels && (
          <li>
            <svg class="sample" width={44} height={14} viewBox="0 0 44 14" aria-hidden="true">
              <g class="edge tunnel">
                <path class="line" d="M2 7H42" />
                <path class="bore" d="M2 7H42" />
              </g>
            </svg>
            {texts.legendTunnel}
          </li>
        )}
        {rows.map(([kind, text]) => (
          <li key={kind}>
            <svg class="sample" width={44} height={14} viewBox="0 0 44 14" aria-hidden="true">
              <g class={`edge tone-0 ${kind}`}>
                <path class="line" d="M2 7H40" />
                {!kind.startsWith('wire') && kind !== 'seat' && <path class="arrow" d="M42 7L35 3.8L35 10.2Z" />}
                {kind === 'wire unknown' && (
                  <text class="sample-mark" x={22} y={11}>
                    ?
                  </text>
                )}
              </g>
            </svg>
            {text}
          </li>
        ))}
        <li>
          <svg class="sample" width={44} height={14} viewBox="0 0 44 14" aria-hidden="true">
            <g class="host-link orphan">
              <rect class="shape" x={2} y={1} width={40} height={12} rx={3} />
            </g>
          </svg>
          {texts.legendOrphan}
        </li>
        <li>
          <svg class="sample" width={44} height={14} viewBox="0 0 44 14" aria-hidden="true">
            <g class="edge wire exact tone-0">
              <path class="line rate-1" d="M2 7H16" />
              <path class="line rate-3" d="M16 7H29" />
              <path class="line rate-5" d="M29 7H42" />
            </g>
          </svg>
          {texts.legendTraffic}
        </li>
      </ul>
      <p class="quiet">{texts.keyboardHelp}</p>
    </div>
  );
}
