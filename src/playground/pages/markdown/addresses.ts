import { eachElement, element, type HtmlRoot } from "./tree.ts";

/** Where relative addresses of a text lead: the folder that holds it, at one ref. */
export interface FileHome {
  /** For instance "/octo/demo/blob/main/docs". */
  pages: string;
  /** For pictures, for instance "/octo/demo/media/main/docs". */
  raw: string;
}

/**
 * Relative links and images lead into the repository; links elsewhere give nothing away; pictures of
 * other machines become links, for these pages load nothing from outside.
 */
export function settleAddresses(root: HtmlRoot, base: string, home: FileHome | undefined): void {
  eachElement(root, (node, parent, index) => {
    if (node.tagName === "a") {
      const href = node.properties["href"];
      if (typeof href !== "string") return;
      if (isOutside(href, base)) node.properties["rel"] = ["nofollow", "noreferrer"];
      else if (home !== undefined) node.properties["href"] = resolve(href, home.pages);
    }
    if (node.tagName === "img" || node.tagName === "source") {
      const src = node.properties["src"];
      delete node.properties["srcSet"];
      if (typeof src !== "string") return;
      if (isOutside(src, base)) {
        const alt = node.properties["alt"];
        const label = typeof alt === "string" && alt !== "" ? alt : src;
        const rel = ["nofollow", "noreferrer"];
        const properties = { href: src, rel, className: ["outside-image"] };
        parent.children[index] = element("a", properties, [label]);
      } else if (home !== undefined) node.properties["src"] = resolve(src, home.raw);
    }
  });
}

function isOutside(address: string, base: string): boolean {
  return /^(?:[a-z][a-z\d+.-]*:|\/\/)/i.test(address) && !address.startsWith(`${base}/`);
}

function resolve(address: string, folder: string): string {
  if (address.startsWith("#") || address.startsWith("/") || /^[a-z]+:/i.test(address))
    return address;
  const url = new URL(address, `http://x${folder}/`);
  return `${url.pathname}${url.search}${url.hash}`;
}
