import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join } from 'node:path';
import { build as bundle } from 'esbuild';
import type { Browser, Page } from 'playwright-core';
import type { Lifetime } from '../../scripts/lifetime.ts';
import { shellHtml } from '../../src/panels/html.ts';

export const yardsticks = ['reactFlow', 'cytoscape'] as const;
export type RendererName = 'diagram' | (typeof yardsticks)[number];

const types: Readonly<Record<string, string>> = {
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.ttf': 'font/ttf',
};
const size = { width: 1280, height: 860 };

/** Bundles the programs of page/ as pages are shipped. Returns their directory. */
export async function buildPages(directory: string): Promise<string> {
  const out = join(directory, 'pages');
  await bundle({
    entryPoints: ['diagram', ...yardsticks].map((name) => join(import.meta.dirname, 'page', `${name}.ts`)),
    outdir: out,
    bundle: true,
    platform: 'browser',
    format: 'iife',
    target: 'chrome132',
    minify: true,
    define: { 'process.env.NODE_ENV': '"production"' },
    logLevel: 'warning',
  });
  return out;
}

/** The pages on a loopback address: the diagram's is the one that the panel makes of the packaged webview. */
export class DiagramPages {
  readonly #browser: Browser;
  readonly #pages: string;
  readonly #origin: string;

  static async serve(browser: Browser, webview: string, pages: string, life: Lifetime): Promise<DiagramPages> {
    const server = createServer((request, response) => {
      const { pathname } = new URL(request.url ?? '/', origin);
      const name = pathname.slice(1);
      if (name.endsWith('.html')) {
        response.setHeader('content-type', 'text/html; charset=utf-8');
        response.end(name === 'diagram.html' ? diagramHtml(origin) : yardstickHtml(name.slice(0, -'.html'.length)));
        return;
      }
      readFile(join(yardsticks.some((one) => name.startsWith(one)) ? pages : webview, name)).then(
        (content) => {
          response.setHeader('content-type', types[extname(name)] ?? 'application/octet-stream');
          response.end(content);
        },
        () => response.writeHead(404).end(),
      );
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    await life.add(() => {
      server.closeAllConnections();
      server.close();
    });
    const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    return new DiagramPages(browser, pages, origin);
  }

  private constructor(browser: Browser, pages: string, origin: string) {
    this.#browser = browser;
    this.#pages = pages;
    this.#origin = origin;
  }

  /** A new page in which nothing is drawn, in a process of its own. */
  async use<T>(name: RendererName, act: (page: Page) => Promise<T>): Promise<T> {
    const page = await this.#browser.newPage({ viewport: size });
    try {
      // Where the editor puts its own; no policy of the page is about it.
      if (name === 'diagram') await page.addInitScript({ path: join(this.#pages, 'diagram.js') });
      await page.goto(`${this.#origin}/${name}.html`, { waitUntil: 'load' });
      return await act(page);
    } finally {
      await page.close();
    }
  }
}

function diagramHtml(origin: string): string {
  return shellHtml({
    cspSource: origin,
    nonce: randomBytes(16).toString('base64url'),
    script: `${origin}/diagram.js`,
    style: `${origin}/diagram.css`,
    language: 'en',
    title: 'Topology',
  });
}

/** Without a policy: one of them writes style sheets into its page. */
function yardstickHtml(name: string): string {
  return `<!DOCTYPE html>
<html lang="en">
  <head><meta charset="utf-8"><title>${name}</title><link rel="stylesheet" href="${name}.css"></head>
  <body><div id="root"></div><script src="${name}.js"></script></body>
</html>
`;
}
