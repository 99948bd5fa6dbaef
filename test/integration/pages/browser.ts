import type { Browser, Page } from "playwright-core";
import { expect } from "vitest";
import { chromiumPath } from "../../../scripts/screenshots.ts";

/** Whether these tests can run: on CI they must, elsewhere a machine without Chromium skips them aloud. */
export function hasChromium(): boolean {
  const found = chromiumPath() !== undefined;
  if (!found && process.env["CI"] === undefined) {
    process.stderr.write("SKIPPED: no Chromium at CHROMIUM_PATH or /usr/bin/chromium.\n");
    return false;
  }
  return true;
}

export interface Visitor {
  page: Page;
  /** Fails when the page complained, or asked any other machine for anything. */
  close: () => Promise<void>;
}

/** A browser window of one person, who signs in by the page's own switcher. */
export async function visit(
  browser: Browser,
  url: string,
  options: { as?: string; path?: string; colours?: "light" | "dark"; scripts?: boolean } = {},
): Promise<Visitor> {
  const context = await browser.newContext({
    colorScheme: options.colours ?? "light",
    javaScriptEnabled: options.scripts ?? true,
  });
  context.setDefaultTimeout(15_000);
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on("console", (m) => {
    if (m.type() === "error" || m.type() === "warning") complaints.push(m.text());
  });
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("request", (r) => {
    if (!r.url().startsWith(`${url}/`)) complaints.push(`asked ${r.url()}`);
  });
  await page.goto(`${url}${options.path ?? "/"}`);
  if (options.as !== undefined) await actAs(page, options.as);
  return {
    page,
    async close() {
      await context.close();
      expect(complaints).toEqual([]);
    },
  };
}

/** Changes the person by the menu at the top right; the page stays. */
async function actAs(page: Page, login: string): Promise<void> {
  const switcher = page.locator("details.switcher");
  await switcher.locator("summary").click();
  await switcher.getByRole("button", { name: new RegExp(`^${login}\\b`) }).click();
  await page.locator("details.switcher summary strong", { hasText: login }).waitFor();
}
