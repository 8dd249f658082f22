import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { launch, type Browser as Puppeteer } from 'puppeteer-core';

import { findChromium } from './chromium.js';
import { WebPage } from './web-page.js';

// As root, and in containers with a small /dev/shm.
const FLAGS = ['--no-sandbox', '--disable-dev-shm-usage', '--disable-gpu', '--disable-quic', '--no-first-run'];
const QUIET = ['--disable-background-networking', '--disable-component-update', '--disable-sync'];

/** A headless Chromium with a profile of its own. */
export class Browser {
  readonly #browser: Puppeteer;
  readonly #dir: string;

  private constructor(browser: Puppeteer, dir: string) {
    this.#browser = browser;
    this.#dir = dir;
  }

  /** @throws Error that says how to get Chromium when there is none, or with its output when it does not start */
  static async start(): Promise<Browser> {
    const { path, env } = await findChromium();
    const dir = await mkdtemp(join(tmpdir(), 'multi-eni-chromium-'));
    const browser = await launch({
      executablePath: path,
      env: { ...process.env, ...env },
      headless: 'shell',
      pipe: true,
      args: [...FLAGS, ...QUIET, `--user-data-dir=${dir}`],
      defaultViewport: null,
    });
    return new Browser(browser, dir);
  }

  /** Opens a page. @param height of the window in pixels; it is 1,440 wide */
  async open(url: string, height = 920): Promise<WebPage> {
    return WebPage.open(await this.#browser.newPage(), url, height);
  }

  /** Ends it and removes its profile. */
  async stop(): Promise<void> {
    await this.#browser.close();
    await rm(this.#dir, { recursive: true, force: true });
  }
}
