import { type Html, html } from "../html.ts";

const FORMAT = new Intl.DateTimeFormat("en", {
  dateStyle: "medium",
  timeStyle: "short",
  timeZone: "UTC",
});

/** A moment in UTC; the page's script makes "5 minutes ago" of it. */
export function moment(iso: string): Html {
  const words = FORMAT.format(new Date(iso));
  return html`<time datetime="${iso}" title="${words} UTC">${words} UTC</time>`;
}

/** "1 m 4 s" between two moments. */
export function duration(from: string, to: string): string {
  const seconds = Math.max(0, Math.round((Date.parse(to) - Date.parse(from)) / 1000));
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  return minutes < 60
    ? `${minutes} m ${seconds % 60} s`
    : `${Math.floor(minutes / 60)} h ${minutes % 60} m`;
}
