import { build, context } from 'esbuild';

const watch = process.argv.includes('--watch');
const production = process.argv.includes('--production');

/** Parts of dockerode that never run here: our own transport replaces docker-modem, we bring our own ssh, and never build images. */
const stubs = {
  name: 'stub-optional-parts-of-dockerode',
  setup({ onResolve, onLoad }) {
    onResolve(
      { filter: /^(docker-modem|ssh2|tar-fs|protobufjs|@grpc\/grpc-js|@grpc\/proto-loader|@balena\/dockerignore)$/ },
      ({ path }) => ({
        path,
        namespace: 'stub',
      }),
    );
    onLoad({ filter: /.*/, namespace: 'stub' }, () => ({ contents: 'module.exports = {};' }));
  },
};

/** d3-zoom brings animations along, a fifth of the bundle. Nothing here is animated by it: there is never one to stop. */
const noTransitions = {
  name: 'no-transitions',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^d3-transition$/ }, ({ path, resolveDir }) => ({
      path,
      namespace: 'no-transitions',
      pluginData: resolveDir,
    }));
    onLoad({ filter: /.*/, namespace: 'no-transitions' }, ({ pluginData }) => ({
      contents: `import { selection } from 'd3-selection';
        export function interrupt() {}
        selection.prototype.interrupt = function () { return this; };`,
      resolveDir: pluginData,
    }));
    // How a transition gets from one view to another; it needs the colours of d3-color, too.
    onResolve({ filter: /^d3-interpolate$/ }, ({ path }) => ({ path, namespace: 'no-ways' }));
    onLoad({ filter: /.*/, namespace: 'no-ways' }, () => ({ contents: 'export function interpolateZoom() {}' }));
  },
};

const base = {
  bundle: true,
  platform: 'node',
  format: 'cjs',
  target: 'node22',
  sourcemap: !production,
  minify: production,
  logLevel: 'warning',
  plugins: [stubs],
};

const targets = [
  { ...base, entryPoints: ['src/extension.ts'], outfile: 'dist/extension.cjs', external: ['vscode'] },
  {
    ...base,
    platform: 'browser',
    format: 'iife',
    target: 'chrome132',
    jsx: 'automatic',
    jsxImportSource: 'preact',
    plugins: [noTransitions],
    // Styles beside it: the panel's policy allows none inside the script.
    entryPoints: { diagram: 'src/webview/diagram.tsx' },
    outdir: 'dist/webview',
    loader: { '.ttf': 'file' },
    assetNames: '[name]',
  },
  ...(production
    ? []
    : [
        {
          ...base,
          entryPoints: ['test/editor/index.ts'],
          outfile: 'dist/test/editor.cjs',
          external: ['vscode', 'mocha'],
        },
      ]),
];

for (const target of targets) {
  if (watch) await (await context(target)).watch();
  else await build(target);
}
