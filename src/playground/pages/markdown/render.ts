import rehypeRaw from "rehype-raw";
import rehypeSanitize from "rehype-sanitize";
import rehypeStringify from "rehype-stringify";
import remarkRehype from "remark-rehype";
import { unified } from "unified";
import { type Html, trusted } from "../html.ts";
import { type FileHome, settleAddresses } from "./addresses.ts";
import { dressBlocks } from "./blocks.ts";
import { activateBoxes, markBoxes } from "./boxes.ts";
import { breakLines, parseMarkdown } from "./parse.ts";
import { linkReferences, type Referents, shortenOwnLinks } from "./references.ts";
import { schema } from "./schema.ts";
import type { HtmlRoot } from "./tree.ts";

export interface RenderOptions {
  /** Base address of these pages, without a trailing slash. */
  base: string;
  /** "owner/name" that the text belongs to. */
  repo?: string | undefined;
  referents: Referents;
  /** "comment": line ends are breaks. "file": they are not, and relative addresses lead to `home`. */
  kind: "comment" | "file";
  home?: FileHome;
  /** Id of the form that the task-list boxes submit; without one they only show their state. */
  boxForm?: string | undefined;
}

const toHtmlTree = unified()
  .use(remarkRehype, { allowDangerousHtml: true })
  .use(rehypeRaw)
  .use(rehypeSanitize, schema)
  .freeze();
const writer = unified().use(rehypeStringify).freeze();

/**
 * GitHub-flavoured Markdown as HTML that may stand in a page whoever wrote it: everything is sanitised
 * before our own links, boxes and diagrams are put in. HTML comments do not show.
 */
export async function renderMarkdown(source: string, options: RenderOptions): Promise<Html> {
  const tree = parseMarkdown(source);
  markBoxes(tree, source);
  if (options.kind === "comment") breakLines(tree);
  const root: HtmlRoot = await toHtmlTree.run(tree);
  settleAddresses(root, options.base, options.home);
  shortenOwnLinks(root, options.base, options.repo);
  await linkReferences(root, options.referents);
  dressBlocks(root);
  if (options.boxForm !== undefined) activateBoxes(root, options.boxForm);
  return trusted(writer.stringify(root));
}
