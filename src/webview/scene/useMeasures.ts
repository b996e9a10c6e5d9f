import { useEffect, useState } from 'preact/hooks';
import { measuresOf, type Measures } from './measure.ts';

/** Letters are measured once per font; a change of theme or settings can change fonts. */
export function useMeasures(): Measures {
  const [measures, setMeasures] = useState(() => measuresOf(document.body));
  useEffect(() => {
    let fonts = fontsNow();
    const observer = new MutationObserver(() => {
      if (fonts === fontsNow()) return;
      fonts = fontsNow();
      setMeasures(measuresOf(document.body));
    });
    observer.observe(document.documentElement, { attributes: true, attributeFilter: ['style', 'class'] });
    return () => observer.disconnect();
  }, []);
  return measures;
}

function fontsNow(): string {
  const style = getComputedStyle(document.body);
  return `${style.fontFamily} ${style.getPropertyValue('--vscode-editor-font-family')}`;
}
