import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { launch, type Browser as Puppeteer } from 'puppeteer-core';

const CHROMIUM = process.env['CHROMIUM'] ?? '/usr/bin/chromium';
const FLAGS = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run'];
const QUIET = ['--disable-background-networking', '--disable-component-update', '--disable-sync'];
const WIDTH = 1440;

/** How long a page may take to show itself, and how long it then gets to fetch and draw the rest. */
const PAGE_MS = 45_000;
const SETTLE_MS = 3_000;

/** A headless Chromium that takes pictures of pages. */
export class Browser {
  readonly #browser: Puppeteer;
  readonly #dir: string;

  private constructor(browser: Puppeteer, dir: string) {
    this.#browser = browser;
    this.#dir = dir;
  }

  /** @throws Error that says how to get Chromium when it is missing */
  static async start(): Promise<Browser> {
    if (!existsSync(CHROMIUM)) {
      throw new Error(`${CHROMIUM} is missing: apt-get install -y chromium (or set CHROMIUM to another one)`);
    }
    const dir = mkdtempSync(join(tmpdir(), 'multi-eni-chromium-'));
    const args = [...FLAGS, ...QUIET, `--user-data-dir=${dir}`];
    return new Browser(await launch({ executablePath: CHROMIUM, headless: true, args, defaultViewport: null }), dir);
  }

  /** Opens a page and writes its first `height` pixels as a PNG file. */
  async picture(url: string, file: string, height: number): Promise<void> {
    const page = await this.#browser.newPage();
    await page.setViewport({ width: WIDTH, height });
    await page.goto(url, { waitUntil: 'domcontentloaded', timeout: PAGE_MS });
    await page.waitForNetworkIdle({ idleTime: 1000, concurrency: 2, timeout: PAGE_MS }); // a long poll stays open
    await sleep(SETTLE_MS);
    mkdirSync(dirname(file), { recursive: true });
    await page.screenshot({ path: file });
    await page.close();
    console.log(`${file}  ${url}`);
  }

  /** Ends it and removes its folder. */
  async stop(): Promise<void> {
    await this.#browser.close();
    rmSync(this.#dir, { recursive: true, force: true });
  }
}
