import importX from 'eslint-plugin-import-x';
import tseslint from 'typescript-eslint';

/**
 * The walls between the rooms of src/ (docs/architecture.md). Each room says what it may import; all else is refused.
 * `own` are folders of src/, `outside` are packages; node's own modules are `node:*`.
 */
const enginePort = ['engine/engine', 'engine/control', 'engine/streams', 'engine/probe'];
const rooms = {
  topology: { own: [], outside: ['ipaddr.js'] },
  actions: { own: ['topology'], outside: ['ipaddr.js'] },
  engine: { own: ['topology', 'actions/specs'], outside: ['node:*', 'valibot'] },
  kernel: { own: ['topology'], outside: ['node:*'] },
  forwards: { own: [], outside: ['node:*'] },
  live: { own: ['topology', ...enginePort, 'kernel/kernel'], outside: [] },
  editor: { own: ['topology', 'actions', ...enginePort, 'live', 'ids'], outside: ['vscode', 'node:*'] },
  protocol: { own: ['topology'], outside: [] },
  panels: {
    own: ['topology', 'actions', 'protocol', ...enginePort, 'kernel/kernel', 'live', 'editor', 'ids'],
    outside: ['vscode', 'node:*'],
  },
  // What runs in the browser: no editor, no Node.
  webview: {
    own: ['protocol', 'topology'],
    outside: ['preact', 'preact/hooks', 'd3-zoom', 'd3-selection'],
  },
  terminals: { own: ['topology', 'actions', ...enginePort, 'live', 'editor', 'ids'], outside: ['vscode', 'node:*'] },
  views: {
    own: ['topology', 'actions', ...enginePort, 'forwards/forwards', 'live', 'editor', 'ids'],
    outside: ['vscode', 'ipaddr.js'],
  },
  commands: {
    own: ['topology', 'actions', ...enginePort, 'forwards/forwards', 'live', 'editor', 'terminals', 'ids'],
    outside: ['vscode', 'node:*', 'ipaddr.js'],
  },
};

const globAsRegex = (glob) => '^' + glob.replaceAll('.', '\\.').replace('*', '.*') + '$';

/** Like no-restricted-imports, but resolves the path first: `../../engine/docker/x` is judged as `engine/docker/x`. */
const wallRule = {
  meta: {
    type: 'problem',
    schema: [{ type: 'object' }],
    messages: { crossed: "'{{room}}' may not import '{{target}}'. The walls: docs/architecture.md." },
  },
  create(context) {
    const { reached, outside } = context.options[0];
    const file = context.filename.replaceAll('\\', '/');
    const inside = file.slice(file.lastIndexOf('/src/') + '/src/'.length);
    const check = (node) => {
      const source = node.source?.value;
      if (typeof source !== 'string') return;
      let target = source;
      let allowed;
      if (source.startsWith('.')) {
        target = new URL(source, `file:///${inside}`).pathname.slice(1).replace(/\.tsx?$/, '');
        allowed = reached.some((place) => target === place || target.startsWith(`${place}/`));
      } else {
        allowed = outside.some((pattern) => new RegExp(pattern).test(source));
      }
      if (!allowed) context.report({ node, messageId: 'crossed', data: { room: inside.split('/')[0], target } });
    };
    return {
      ImportDeclaration: check,
      ExportNamedDeclaration: check,
      ExportAllDeclaration: check,
      ImportExpression: check,
    };
  },
};

export default tseslint.config(
  { ignores: ['dist/**', 'node_modules/**', '.cache/**', 'test/fixtures/**'] },
  ...tseslint.configs.strictTypeChecked,
  {
    languageOptions: {
      parserOptions: {
        projectService: { allowDefaultProject: ['*.mjs', 'scripts/*.cjs'] },
        tsconfigRootDir: import.meta.dirname,
      },
    },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    plugins: { 'import-x': importX, local: { rules: { wall: wallRule } } },
    settings: { 'import-x/resolver-next': [], 'import-x/extensions': ['.ts'] },
    rules: {
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/no-confusing-void-expression': 'off',
      'no-restricted-syntax': [
        'error',
        { selector: 'ExportAllDeclaration', message: 'No barrels: import from the file that defines it.' },
      ],
      '@typescript-eslint/no-unused-vars': ['error', { varsIgnorePattern: '^_', ignoreRestSiblings: true }],
      eqeqeq: 'error',
    },
  },
  {
    files: ['src/**/*.{ts,tsx}'],
    rules: { 'no-console': 'error', 'import-x/no-cycle': ['error', { ignoreExternal: true }] },
  },
  ...Object.entries(rooms).map(([room, doors]) => ({
    files: [`src/${room}/**/*.{ts,tsx}`],
    rules: { 'local/wall': ['error', { reached: [room, ...doors.own], outside: doors.outside.map(globAsRegex) }] },
  })),
  {
    files: ['src/engine/docker/**/*.ts'],
    rules: {
      'local/wall': [
        'error',
        { reached: ['engine', 'topology', 'actions/specs'], outside: ['^node:', '^dockerode$', '^valibot$'] },
      ],
    },
  },
  {
    files: ['src/topology/**/*.ts', 'src/actions/**/*.ts'],
    rules: {
      'no-restricted-globals': [
        'error',
        'process',
        'Buffer',
        'setTimeout',
        'setInterval',
        'setImmediate',
        'console',
        'require',
        'fetch',
        'performance',
      ],
    },
  },
  {
    files: ['**/*.mjs', '**/*.cjs'],
    ...tseslint.configs.disableTypeChecked,
  },
  // CommonJS, because it stands in for a CommonJS module.
  { files: ['scripts/*.cjs'], rules: { '@typescript-eslint/no-require-imports': 'off' } },
);
