/**
 * Takes the pictures of docs/images in headless Chromium: of a hub with seeded content, until a real
 * demo run takes its place. `npm run screenshots`.
 */
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Browser, chromium } from "playwright-core";
import { PERSON_COOKIE } from "../src/playground/pages/home/session.ts";
import { REPO, SEEDED_PAGES, type Stage, seededStage } from "../test/integration/pages/seed.ts";

export interface Shot {
  /** File name without ".png". */
  name: string;
  /** Path and query of the page. */
  path: string;
  /** Login to act as; nobody when left out. */
  as?: string;
  /** Default light. */
  colours?: "light" | "dark";
  /** Only this element (a CSS selector) instead of the whole page. */
  element?: string;
  /** Pixels; default 1280. */
  width?: number;
}

export interface ScreenshotOrder {
  /** Base address of a running local GitHub with pages. */
  url: string;
  pages: readonly Shot[];
  /** Made if absent; files of the same names are replaced. */
  outDir: string;
}

const FLAGS = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** Path of the system's Chromium (CHROMIUM_PATH, else Debian's); undefined when it is not installed. */
export function chromiumPath(): string | undefined {
  const path = process.env["CHROMIUM_PATH"] ?? "/usr/bin/chromium";
  return existsSync(path) ? path : undefined;
}

/** Starts headless Chromium. The caller closes it. */
export async function launchChromium(): Promise<Browser> {
  const executablePath = chromiumPath();
  if (executablePath === undefined) {
    throw new Error("Install Chromium (Debian: apt-get install chromium) or set CHROMIUM_PATH.");
  }
  return chromium.launch({ executablePath, args: FLAGS });
}

/** Waits until every Mermaid block of a page is drawn, or has said that it cannot be. */
export const DIAGRAMS_SETTLED =
  "[...document.querySelectorAll('[data-diagram]')].every((d) => d.querySelector('.diagram-drawing, .diagram-problem'))";

/** Takes one picture of each page and returns the files' paths; throws when a page answers an error. */
export async function takeScreenshots({ url, pages, outDir }: ScreenshotOrder): Promise<string[]> {
  await mkdir(outDir, { recursive: true });
  const browser = await launchChromium();
  try {
    const files: string[] = [];
    for (const shot of pages) files.push(await takeOne(browser, { shot, url, outDir }));
    return files;
  } finally {
    await browser.close();
  }
}

async function takeOne(
  browser: Browser,
  { shot, url, outDir }: { shot: Shot; url: string; outDir: string },
): Promise<string> {
  const context = await browser.newContext({
    viewport: { width: shot.width ?? 1280, height: 800 },
    colorScheme: shot.colours ?? "light",
    deviceScaleFactor: 1.5,
  });
  if (shot.as !== undefined) {
    await context.addCookies([{ name: PERSON_COOKIE, value: shot.as, url }]);
  }
  const page = await context.newPage();
  const response = await page.goto(new URL(shot.path, url).href);
  if (response?.ok() !== true) {
    throw new Error(
      `Open ${shot.path} as ${shot.as ?? "nobody"}: it answered ${response?.status()}.`,
    );
  }
  await page.waitForFunction(DIAGRAMS_SETTLED);
  const path = join(outDir, `${shot.name}.png`);
  if (shot.element === undefined) await page.screenshot({ path, fullPage: true });
  else await page.locator(shot.element).first().screenshot({ path });
  await context.close();
  return path;
}

async function main(): Promise<void> {
  const dataDir = await mkdtemp(join(tmpdir(), "screenshots-"));
  const stage = await seededStage(dataDir);
  try {
    await reviewBy(stage);
    const outDir = join(import.meta.dirname, "..", "docs", "images");
    const files = await takeScreenshots({ url: stage.url, pages: SEEDED_PAGES, outDir });
    process.stdout.write(`${files.join("\n")}\n`);
  } finally {
    await stage.close();
    await rm(dataDir, { recursive: true, force: true });
  }
}

async function reviewBy({ hub, pull }: Stage): Promise<void> {
  const place = { path: "src/service.js", side: "RIGHT" } as const;
  await hub.as("rui").review(REPO, pull, {
    event: "REQUEST_CHANGES",
    body: "Two things before this can go in.",
    comments: [
      { ...place, line: 13, body: "Answer **400** when this throws, as #1 asks." },
      { ...place, line: 14, body: "Where is the duplicate checked?" },
    ],
  });
}

if (import.meta.main) await main();
