import { type Html, trusted } from "./html.ts";

/** Our own line drawings on a 16-unit square. */
const DRAWINGS = {
  issueOpen: '<circle cx="8" cy="8" r="6"/><circle cx="8" cy="8" r="1.2" fill="currentColor"/>',
  issueClosed: '<circle cx="8" cy="8" r="6"/><path d="M5.4 8.2l1.8 1.8 3.4-3.8"/>',
  skipped: '<circle cx="8" cy="8" r="6"/><path d="M4.5 11.5l7-7"/>',
  pull: '<circle cx="4" cy="3.6" r="1.7"/><circle cx="4" cy="12.4" r="1.7"/><circle cx="12" cy="12.4" r="1.7"/><path d="M4 5.3v5.4M12 10.7V6.2a2 2 0 0 0-2-2H7.6M9.4 2.2l-2 2 2 2"/>',
  draft:
    '<circle cx="4" cy="3.6" r="1.7"/><circle cx="4" cy="12.4" r="1.7"/><circle cx="12" cy="12.4" r="1.7"/><path d="M4 5.3v5.4M12 3v1.2M12 7v1.4"/>',
  merged:
    '<circle cx="4" cy="3.6" r="1.7"/><circle cx="4" cy="12.4" r="1.7"/><circle cx="12" cy="8.6" r="1.7"/><path d="M4 5.3v5.4M4 5.6c.5 2 2.5 3 6.3 3"/>',
  commit: '<circle cx="8" cy="8" r="2.6"/><path d="M1.5 8h3.9M10.6 8h3.9"/>',
  branch:
    '<circle cx="4.5" cy="3.6" r="1.7"/><circle cx="4.5" cy="12.4" r="1.7"/><circle cx="11.5" cy="5" r="1.7"/><path d="M4.5 5.3v5.4M11.5 6.7c0 2.3-7 1.5-7 4"/>',
  check: '<path d="M3 8.5l3.2 3.2L13 4.8"/>',
  cross: '<path d="M4 4l8 8M12 4l-8 8"/>',
  dot: '<circle cx="8" cy="8" r="3.2" fill="currentColor" stroke="none"/>',
  minus: '<path d="M3.5 8h9"/>',
  comment: '<path d="M2 3h12v8H8.5L5 13.8V11H2z"/>',
  eye: '<path d="M1.5 8S4 3.7 8 3.7 14.5 8 14.5 8 12 12.3 8 12.3 1.5 8 1.5 8z"/><circle cx="8" cy="8" r="1.8"/>',
  label: '<path d="M2 2.5h5.5l6.5 6.5-5 5L2.5 7.5z"/><circle cx="5.2" cy="5.4" r=".9"/>',
  pencil: '<path d="M3 13l.7-3L11 2.7l2.3 2.3L6 12.3z"/>',
  person: '<circle cx="8" cy="5" r="2.7"/><path d="M2.8 14c.4-3 2.5-4.5 5.2-4.5s4.8 1.5 5.2 4.5"/>',
  folder: '<path d="M1.8 3.2h4.4l1.4 1.6h6.6v8H1.8z"/>',
  file: '<path d="M3.5 1.8h6l3 3v9.4h-9zM9.3 2v3h3"/>',
  code: '<path d="M5.5 4L1.8 8l3.7 4M10.5 4l3.7 4-3.7 4"/>',
  home: '<path d="M2 7.5L8 2.3l6 5.2M3.5 6.5v7h9v-7"/>',
  lock: '<rect x="3.3" y="7" width="9.4" height="6.5" rx="1.2"/><path d="M5.3 7V5a2.7 2.7 0 0 1 5.4 0v2"/>',
  clock: '<circle cx="8" cy="8" r="6"/><path d="M8 4.6V8l2.4 1.5"/>',
  smile:
    '<circle cx="8" cy="8" r="6"/><path d="M5.5 9.5c1.3 1.8 3.7 1.8 5 0"/><path d="M6 6.2v.2M10 6.2v.2"/>',
  robot:
    '<rect x="2.8" y="5" width="10.4" height="7.5" rx="1.6"/><path d="M8 5V2.6M6 8v1.3M10 8v1.3"/>',
} as const;

export type IconName = keyof typeof DRAWINGS;

/** Decoration only: what it means must stand in words beside it. */
export function icon(name: IconName, className = ""): Html {
  return trusted(
    `<svg class="icon ${className}" viewBox="0 0 16 16" width="16" height="16" fill="none" stroke="currentColor" stroke-width="1.5" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true">${DRAWINGS[name]}</svg>`,
  );
}
