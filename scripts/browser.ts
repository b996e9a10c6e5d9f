import { chromium, type Browser } from 'playwright-core';
import { ToolError } from './lifetime.ts';
import { isExecutable, which } from './processes.ts';

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome', 'msedge'];
const places = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
  'C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe',
];

/** A Chromium-like browser of this machine: CHROME_PATH, the PATH, or its usual place. */
export function findBrowser(): string | undefined {
  const given = process.env['CHROME_PATH'];
  if (given !== undefined && given !== '') return given;
  return names.map(which).find((path) => path !== undefined) ?? places.find(isExecutable);
}

/**
 * Starts it without a display. It ends when this process does, however that happens (its pipe closes).
 * @param directory takes its profile and everything else that it writes
 */
export async function launchBrowser(directory: string): Promise<Browser> {
  const executablePath = findBrowser();
  if (executablePath === undefined) {
    throw new ToolError('No Chromium or Chrome found: install one, or name it in CHROME_PATH.');
  }
  // Playwright puts profile and downloads into the temporary directory of the moment.
  const before = process.env['TMPDIR'];
  process.env['TMPDIR'] = directory;
  try {
    return await chromium.launch({
      executablePath,
      headless: true,
      // Its owner closes it, in its own order.
      handleSIGINT: false,
      handleSIGTERM: false,
      handleSIGHUP: false,
      args: [
        ...['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-sync'],
        ...['--disable-background-networking', '--disable-component-update', '--force-color-profile=srgb'],
        // VS Code's page asks for experiments and accounts on the internet: a test's traffic stays on this machine.
        '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1',
      ],
    });
  } finally {
    if (before === undefined) delete process.env['TMPDIR'];
    else process.env['TMPDIR'] = before;
  }
}
