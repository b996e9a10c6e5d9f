import { describe, expect, it } from 'vitest';
import { shellHtml } from '../../../src/panels/html.ts';

const parts = {
  cspSource: 'https://*.webview.test',
  nonce: 'abc_123',
  script: 'https://file.webview.test/dist/webview/diagram.js',
  style: 'https://file.webview.test/dist/webview/diagram.css',
  language: 'zh-cn',
  title: 'Topology: <b>"lab"</b>',
};

describe('the shell of a webview', () => {
  const html = shellHtml(parts);

  it('has exactly this policy, and no unsafe word', () => {
    const content = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(html)?.[1];
    expect(content).toBe(
      "default-src 'none'; script-src 'nonce-abc_123'; style-src https://*.webview.test; font-src https://*.webview.test; img-src https://*.webview.test data:",
    );
    expect(html).not.toContain('unsafe-');
  });

  it('says its language, and shows a title as text', () => {
    expect(html).toContain('<html lang="zh-cn">');
    expect(html).not.toContain('<b>');
  });

  it('offers none of the editor’s own menu where there is no element', () => {
    expect(html).toContain('data-vscode-context="{&#34;preventDefaultContextMenuItems&#34;:true}"');
  });

  it('has one script, with the nonce, and no code in the page', () => {
    expect(html.match(/<script/g)).toHaveLength(1);
    expect(html).toContain(`<script nonce="abc_123" src="${parts.script}"></script>`);
    expect(html).not.toMatch(/ on\w+=|style=/);
  });
});
