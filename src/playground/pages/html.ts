/** Markup that is safe to send: made by the `html` tag, which escapes everything else put into it. */
export class Html {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

export type Content = Html | string | number | null | undefined | false | readonly Content[];

const ESCAPES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ESCAPES[character] ?? character);
}

/** Text is escaped (attribute values need their quotes), lists are joined, false and null are nothing. */
export function html(strings: TemplateStringsArray, ...values: readonly Content[]): Html {
  let text = strings[0] ?? "";
  values.forEach((value, index) => {
    text += write(value) + (strings[index + 1] ?? "");
  });
  return new Html(text);
}

/** For markup from a source that is safe by itself, such as the Markdown sanitiser. */
export function trusted(text: string): Html {
  return new Html(text);
}

function write(value: Content): string {
  if (value === null || value === undefined || value === false) return "";
  if (value instanceof Html) return value.text;
  if (typeof value === "string") return escapeHtml(value);
  if (typeof value === "number") return String(value);
  return value.map(write).join("");
}
