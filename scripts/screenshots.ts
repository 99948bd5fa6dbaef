/**
 * Takes the pictures of docs/images in headless Chromium: of a real run of the demo, at work and at its end.
 * `npm run screenshots`.
 */
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { type Browser, chromium } from "playwright-core";
import { PERSON_COOKIE } from "../src/playground/pages/home/session.ts";

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
  /** Taken once the page says this; pages follow what happens. */
  until?: string;
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

/** A whole run may have to reach its state. */
const PATIENCE_MS = 240_000;

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
    deviceScaleFactor: 1.25,
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
  if (shot.until !== undefined)
    await page.getByText(shot.until).first().waitFor({ state: "attached", timeout: PATIENCE_MS });
  await page.waitForFunction(DIAGRAMS_SETTLED);
  const path = join(outDir, `${shot.name}.png`);
  if (shot.element === undefined) await page.screenshot({ path, fullPage: true });
  else await page.locator(shot.element).first().screenshot({ path });
  await context.close();
  return path;
}

/** A run of the demo that keeps serving. */
interface RunningDemo {
  readonly url: string;
  /** Resolves when the demo has printed a line that matches. */
  printed(pattern: RegExp): Promise<void>;
  stop(): Promise<void>;
}

function startDemo(): Promise<RunningDemo> {
  const child = spawn("npm", ["run", "-s", "demo", "--", "--port", "0"], {
    stdio: ["ignore", "pipe", "inherit"],
    detached: true,
  });
  let output = "";
  const waiting = new Set<() => void>();
  child.stdout.on("data", (chunk: Buffer) => {
    output += chunk.toString();
    for (const look of waiting) look();
  });
  function printed(pattern: RegExp): Promise<void> {
    return new Promise((resolve, reject) => {
      function look(): void {
        if (!pattern.test(output)) return;
        waiting.delete(look);
        resolve();
      }
      child.once("exit", () =>
        reject(new Error(`The demo ended before it printed ${pattern}:\n${output}`)),
      );
      waiting.add(look);
      look();
    });
  }
  const gone = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  async function stop(): Promise<void> {
    if (child.pid !== undefined) process.kill(-child.pid, "SIGINT");
    await gone;
  }
  return printed(/issue {6}http/).then(() => ({
    url: /(http:\/\/[^/\s]+)/.exec(output)?.[1] ?? "",
    printed,
    stop,
  }));
}

/** The report: the one comment of the app on its pull request. */
export const REPORT = '[id^="issuecomment-"]';

const WHILE_TESTING: readonly Shot[] = [
  { name: "report-at-work", path: "/acme/assets/pull/2", as: "alice", element: REPORT },
];

const AT_THE_END: readonly Shot[] = [
  { name: "issue", path: "/acme/assets/issues/1", as: "alice" },
  { name: "report", path: "/acme/assets/pull/2", as: "alice", element: REPORT },
  { name: "report-dark", path: "/acme/assets/pull/2", as: "bob", colours: "dark", element: REPORT },
  { name: "pull-request", path: "/acme/assets/pull/2", as: "alice" },
  { name: "checks", path: "/acme/assets/pull/2/checks", as: "bob" },
];

/** Pictures of a real demo run: at work, and at its end. */
async function main(): Promise<void> {
  const outDir = join(import.meta.dirname, "..", "docs", "images");
  const demo = await startDemo();
  try {
    await demo.printed(/backend-tester \(acceptance\) on/);
    const files = await takeScreenshots({ url: demo.url, pages: WHILE_TESTING, outDir });
    await demo.printed(/Still serving/);
    files.push(...(await takeScreenshots({ url: demo.url, pages: AT_THE_END, outDir })));
    process.stdout.write(`${files.join("\n")}\n`);
  } finally {
    await demo.stop();
  }
}

if (import.meta.main) await main();
