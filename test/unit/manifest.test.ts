import { readFile } from 'node:fs/promises';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { commands, contextKeys, panels, settings, viewContainer, views } from '../../src/ids.ts';

const root = new URL('../../', import.meta.url);

interface Menu {
  readonly command?: string;
  readonly submenu?: string;
  readonly when?: string;
  readonly group?: string;
}

interface Manifest {
  readonly activationEvents: readonly string[];
  readonly contributes: {
    readonly viewsContainers: { readonly activitybar: readonly { readonly id: string; readonly icon: string }[] };
    readonly views: Readonly<Record<string, readonly { readonly id: string }[]>>;
    readonly viewsWelcome: readonly { readonly view: string; readonly contents: string; readonly when: string }[];
    readonly commands: readonly {
      readonly command: string;
      readonly category?: string;
      readonly enablement?: string;
    }[];
    readonly submenus: readonly { readonly id: string }[];
    readonly menus: Readonly<Record<string, readonly Menu[]>>;
    readonly keybindings: readonly { readonly command: string; readonly when: string }[];
    readonly configuration: {
      readonly properties: Readonly<Record<string, { readonly scope?: string; readonly default?: unknown }>>;
    };
  };
  readonly capabilities: { readonly untrustedWorkspaces: { readonly restrictedConfigurations: readonly string[] } };
}

const manifest = JSON.parse(await readFile(new URL('package.json', root), 'utf8')) as Manifest;
const { contributes } = manifest;
const menus = Object.values(contributes.menus).flat();

const sorted = (ids: Iterable<string>): string[] => [...new Set(ids)].sort();

function sources(folder: string): string {
  return readdirSync(new URL(folder, root))
    .map((name) => `${folder}${name}`)
    .map((path) =>
      statSync(new URL(path, root)).isDirectory() ? sources(`${path}/`) : readFileSync(new URL(path, root), 'utf8'),
    )
    .join('\n');
}

describe('package.json and ids.ts', () => {
  it('have the same commands, all in one category', () => {
    expect(sorted(contributes.commands.map(({ command }) => command))).toEqual(sorted(Object.values(commands)));
    expect(sorted(contributes.commands.map(({ category }) => category ?? ''))).toEqual(['%category%']);
  });

  it('have the same views, in the same container', () => {
    expect(contributes.viewsContainers.activitybar.map(({ id }) => id)).toEqual([viewContainer]);
    expect(Object.keys(contributes.views)).toEqual([viewContainer]);
    expect(contributes.views[viewContainer]?.map(({ id }) => id)).toEqual(Object.values(views));
  });

  it('have the same settings, and every one has a default', () => {
    const { properties } = contributes.configuration;
    expect(sorted(Object.keys(properties))).toEqual(sorted(Object.values(settings)));
    for (const [id, { default: value }] of Object.entries(properties)) expect(value, id).toBeDefined();
  });

  it('name in conditions only context keys that the code sets, and use each that it sets', () => {
    const conditions = [
      ...menus.map(({ when }) => when),
      ...contributes.viewsWelcome.map(({ when }) => when),
      ...contributes.commands.map(({ enablement }) => enablement),
      ...contributes.keybindings.map(({ when }) => when),
    ].join(' ');
    const named = conditions.match(/dockerNetworks\.[A-Za-z]+/g) ?? [];
    const places: readonly string[] = [...Object.values(views), ...Object.values(panels)];
    const keys = named.filter((id) => !places.includes(id));
    expect(sorted(keys)).toEqual(sorted(Object.values(contextKeys)));
  });

  it('have menus of commands and submenus that exist', () => {
    const known = new Set<string>([...Object.values(commands), ...contributes.submenus.map(({ id }) => id)]);
    for (const { command, submenu } of menus) expect(known).toContain(command ?? submenu);
    const own = Object.keys(contributes.menus).filter((id) => id.startsWith('dockerNetworks.'));
    expect(own).toEqual(contributes.submenus.map(({ id }) => id));
  });

  it('ask in menus only for tokens that some row has', () => {
    const asked = menus.flatMap(({ when }) => when?.match(/can:\w+/g) ?? []);
    const given = ['src/views/', 'src/editor/', 'src/panels/'].flatMap(
      (folder) => sources(folder).match(/can:\w+/g) ?? [],
    );
    expect(sorted(asked)).toEqual(sorted(given));
  });

  it('offer the same for a row and for the element of a diagram, in the same places of their menus', () => {
    const offers = (menu: string): string[] =>
      (contributes.menus[menu] ?? []).flatMap(({ command, when, group }) => {
        const [token] = when?.match(/can:\w+/) ?? [];
        if (token === undefined || group?.startsWith('inline') === true) return [];
        return [JSON.stringify({ command, token, group, changes: when?.includes(`!${contextKeys.readOnly}`) })];
      });
    const isJump = (offer: string): boolean => /can:(showInDiagram|revealInTree)/.test(offer);
    // An engine's own row is no element of a diagram.
    const ofEngine = new Set(
      ['engineRows', 'emptyRows'].flatMap(
        (name) => readFileSync(new URL(`src/views/${name}.ts`, root), 'utf8').match(/can:\w+/g) ?? [],
      ),
    );
    const rows = offers('view/item/context').filter((offer) => !ofEngine.has(/can:\w+/.exec(offer)?.[0] ?? ''));
    const elements = offers('webview/context');
    expect(rows.length).toBeGreaterThan(20);
    expect(elements.filter((offer) => !isJump(offer))).toEqual(rows.filter((offer) => !isJump(offer)));
    expect(rows.filter(isJump)).toHaveLength(1);
    expect(elements.filter(isJump)).toHaveLength(1);
    for (const { when } of contributes.menus['webview/context'] ?? [])
      expect(when).toContain(`webviewId == '${panels.topology}'`);
  });

  it('wake the extension for each kind of panel that a window brings back', () => {
    expect(manifest.activationEvents).toEqual(Object.values(panels).map((id) => `onWebviewPanel:${id}`));
  });
});

describe('the manifest', () => {
  it('lets no workspace choose which engine is talked to, or switch on what reads the machine', () => {
    for (const id of [settings.connection, settings.otherConnections, settings.readKernel]) {
      expect(contributes.configuration.properties[id]?.scope).toBe('machine');
      expect(manifest.capabilities.untrustedWorkspaces.restrictedConfigurations).toContain(id);
    }
  });

  it('has a welcome view for each state of the engine, and each reason why the kernel is absent', () => {
    const of = (view: string): string =>
      contributes.viewsWelcome.flatMap((one) => (one.view === view ? one.when : [])).join(' | ');
    for (const state of ['connecting', 'unreachable', 'denied', 'unsupported', 'failed'])
      expect(of(views.networks)).toContain(state);
    for (const reason of [
      'notLocal',
      'otherMachine',
      'otherNamespace',
      'unproven',
      'disabled',
      'notAllowed',
      'noImage',
      'failed',
    ])
      expect(of(views.hostLinks)).toContain(`dockerNetworks.kernel == ${reason}`);
  });

  it.each(['package.nls.json', 'package.nls.zh-cn.json'])('%s has only buttons that do something', async (file) => {
    const texts = Object.values(JSON.parse(await readFile(new URL(file, root), 'utf8')) as Record<string, string>).join(
      '\n',
    );
    const linked = [...texts.matchAll(/\(command:([^)]*)\)/g)].map(([, id]) => id);
    expect(linked.length).toBeGreaterThan(10);
    for (const id of linked) expect(Object.values(commands)).toContain(id);
  });

  it('has the icons that it names', () => {
    for (const { icon } of contributes.viewsContainers.activitybar)
      expect(statSync(new URL(icon, root)).isFile()).toBe(true);
  });
});
