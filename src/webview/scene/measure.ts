import { letterMeasure, type Measure } from '../fitText.ts';

export interface Measures {
  /** The editor's own font: names. */
  readonly text: Measure;
  readonly bold: Measure;
  /** The monospace font: addresses and links. */
  readonly code: Measure;
}

/** Asks the browser, with the fonts that the diagram has at this moment. */
export function measuresOf(element: HTMLElement): Measures {
  const context = document.createElement('canvas').getContext('2d');
  const style = getComputedStyle(element);
  const withFont = (weight: string, family: string): Measure => {
    const font = `${weight} 100px ${family}`;
    return letterMeasure((letter) => {
      if (!context) return 0.6;
      context.font = font;
      return context.measureText(letter).width / 100;
    });
  };
  const code = style.getPropertyValue('--vscode-editor-font-family').trim();
  return {
    text: withFont('400', style.fontFamily),
    bold: withFont('600', style.fontFamily),
    code: withFont('400', code === '' ? 'monospace' : code),
  };
}
