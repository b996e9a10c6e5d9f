import { noMenuContext } from '../protocol/menuContext.ts';

/** What the shell needs to know of a webview; all of it is the extension's own, nothing an engine's. */
export interface ShellParts {
  /** `webview.cspSource`. */
  readonly cspSource: string;
  /** New for each page. */
  readonly nonce: string;
  readonly script: string;
  readonly style: string;
  /** BCP 47, as `env.language` says it. */
  readonly language: string;
  readonly title: string;
}

/**
 * The one page that every webview of this extension is.
 *
 * Architecture invariant: no data of an engine is in it, and its policy has no `unsafe-` word. What is shown comes by
 * message (protocol/messages.ts).
 */
export function shellHtml({ cspSource, nonce, script, style, language, title }: ShellParts): string {
  const policy = [
    "default-src 'none'",
    `script-src 'nonce-${nonce}'`,
    `style-src ${cspSource}`,
    `font-src ${cspSource}`,
    `img-src ${cspSource} data:`,
  ].join('; ');
  return `<!DOCTYPE html>
<html lang="${attribute(language)}">
  <head>
    <meta charset="utf-8">
    <meta http-equiv="Content-Security-Policy" content="${attribute(policy)}">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>${attribute(title)}</title>
    <link rel="stylesheet" href="${attribute(style)}">
  </head>
  <body data-vscode-context="${attribute(noMenuContext)}">
    <div id="root"></div>
    <script nonce="${attribute(nonce)}" src="${attribute(script)}"></script>
  </body>
</html>
`;
}

function attribute(text: string): string {
  return text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
}
