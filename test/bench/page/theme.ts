/** What the editor sets on a webview's page, as its default dark theme has it: without colours there is less to draw. */
const theme: Readonly<Record<string, string>> = {
  'font-family': 'system-ui, "Droid Sans", sans-serif',
  'font-size': '13px',
  'editor-font-family': '"Droid Sans Mono", monospace',
  foreground: '#cccccc',
  descriptionForeground: '#9d9d9d',
  'icon-foreground': '#cccccc',
  focusBorder: '#0078d4',
  'editor-background': '#1f1f1f',
  'editorWidget-background': '#202020',
  'editorWidget-foreground': '#cccccc',
  'editorWidget-border': '#454545',
  'panel-border': '#2b2b2b',
  'widget-border': '#313131',
  'charts-blue': '#3794ff',
  'charts-green': '#89d185',
  'charts-orange': '#d18616',
  'charts-purple': '#b180d7',
  'charts-red': '#f14c4c',
  'charts-yellow': '#cca700',
};

export function setTheme(): void {
  for (const [name, value] of Object.entries(theme)) {
    document.documentElement.style.setProperty(`--vscode-${name}`, value);
  }
}
