import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';

import type { Page } from 'puppeteer-core';

import { eventually } from '../stack/eventually.js';

const WIDTH = 1440;

/** Longest that a page may take for one thing on a busy machine. */
const DEADLINE_MS = 30_000;

/** Whether nothing moves but what moves for ever, such as the mark of a workflow that runs. */
const STILL = `document.getAnimations().every(
  ({ playState, effect }) => playState !== 'running' || effect.getComputedTiming().iterations === Infinity
)`;

/** A page in the browser, as its reader sees it: texts, links, and what went wrong behind them. */
export class WebPage {
  /** What the page's console called an error, what its scripts threw, and requests that failed; in order. */
  readonly problems: string[] = [];
  readonly #page: Page;

  private constructor(page: Page) {
    this.#page = page;
    page.on('console', (message) => {
      if (message.type() === 'error') this.problems.push(`console: ${message.text()}`);
    });
    page.on('pageerror', (error) => this.problems.push(`script: ${String(error)}`));
    page.on('response', (response) => {
      if (response.status() >= 400) this.problems.push(`${response.status()} ${response.url()}`);
    });
  }

  /** Loads the address; what it shows may come later. */
  static async open(page: Page, url: string, height: number): Promise<WebPage> {
    const opened = new WebPage(page);
    await page.setViewport({ width: WIDTH, height });
    await page.goto(url, { waitUntil: 'domcontentloaded', timeout: DEADLINE_MS });
    return opened;
  }

  /** All text that can be read now, that of frames too: the Web UI shows Markdown in them. */
  async text(): Promise<string> {
    const texts = this.#page.frames().map(async (frame) => {
      // A frame may go, or be loading, while it is asked.
      return frame.evaluate('document.body?.innerText ?? ""').catch(() => '');
    });
    return (await Promise.all(texts)).join('\n');
  }

  /** Waits until all of these can be read somewhere. @throws Error with what can be read instead, after 30 s */
  async untilText(...wanted: readonly string[]): Promise<string> {
    return eventually(
      `${this.#page.url()} shows ${wanted.join(', ')}`,
      async () => {
        const text = await this.text();
        const missing = wanted.filter((each) => !text.includes(each));
        if (missing.length > 0) throw new Error(`without ${missing.join(', ')}: ${text}`);
        return text;
      },
      { timeoutMs: DEADLINE_MS, intervalMs: 100 },
    );
  }

  /** Clicks on the first link with this text, once there is one. @throws Error with what can be read, after 30 s */
  async follow(text: string): Promise<void> {
    await this.untilText(text);
    await this.#page.locator(`a::-p-text(${text})`).setTimeout(DEADLINE_MS).click();
  }

  /** Writes what the window shows as a PNG file, once nothing is fetched or moves any more. */
  async picture(file: string): Promise<void> {
    await this.#page.waitForNetworkIdle({ idleTime: 1_000, concurrency: 2, timeout: DEADLINE_MS }); // a long poll stays open
    await this.#page.waitForFunction(STILL, { timeout: DEADLINE_MS });
    await mkdir(dirname(file), { recursive: true });
    await this.#page.screenshot({ path: file });
  }

  async close(): Promise<void> {
    await this.#page.close();
  }
}
