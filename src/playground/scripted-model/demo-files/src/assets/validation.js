import { isIPv4 } from "node:net";

const MAX_LABELS = 20;
const LABEL = /^[a-z0-9][a-z0-9-]{0,31}$/;
const DOMAIN = /^(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/;
const REPOSITORY = /^[a-z0-9][a-z0-9-]{0,38}\/[a-z0-9._-]{1,100}$/;

/** How the identifier of each kind is written: in normal form, how to check it, and what to tell who gets it wrong. */
const kinds = {
  domain: {
    normal: (text) => text.toLowerCase().replace(/\.$/, ""),
    check: (text) => DOMAIN.test(text),
    expected: "a domain name such as shop.example.com",
  },
  ipv4: {
    normal: (text) => text,
    check: isIPv4,
    expected: "an IPv4 address such as 192.0.2.10",
  },
  repository: {
    normal: (text) => text.toLowerCase(),
    check: (text) => REPOSITORY.test(text),
    expected: "a repository such as acme/shop",
  },
};

const KINDS = Object.keys(kinds);
const FIELDS = ["kind", "identifier", "labels"];

/**
 * Checks what a client wants to add. Gives `{ asset }` in normal form, so that two spellings of one thing are equal, or
 * `{ problems }` with every wrong field, not only the first.
 */
export function parseNewAsset(body) {
  if (typeof body !== "object" || body === null || Array.isArray(body)) {
    return { problems: [problem("", "Send one JSON object.")] };
  }
  const problems = [
    ...unknownFields(body),
    ...kindProblems(body.kind),
    ...identifierProblems(body),
    ...labelProblems(body.labels),
  ];
  if (problems.length > 0) return { problems };
  const { kind, identifier, labels = [] } = body;
  return {
    asset: { kind, identifier: normalForm(kind, identifier), labels: [...new Set(labels)] },
  };
}

function unknownFields(body) {
  return Object.keys(body)
    .filter((field) => !FIELDS.includes(field))
    .map((field) => problem(field, `There is no such field; use ${FIELDS.join(", ")}.`));
}

function kindProblems(kind) {
  return KINDS.includes(kind) ? [] : [problem("kind", `Expected one of ${KINDS.join(", ")}.`)];
}

function identifierProblems({ kind, identifier }) {
  if (typeof identifier !== "string" || identifier.trim() === "") {
    return [problem("identifier", "Expected a text that is not empty.")];
  }
  if (!KINDS.includes(kind)) return [];
  const { check, expected } = kinds[kind];
  return check(normalForm(kind, identifier))
    ? []
    : [problem("identifier", `Expected ${expected}.`)];
}

function labelProblems(labels) {
  if (labels === undefined) return [];
  const isList = Array.isArray(labels) && labels.length <= MAX_LABELS;
  if (isList && labels.every((label) => typeof label === "string" && LABEL.test(label))) return [];
  const expected = `Expected at most ${MAX_LABELS} labels of lower-case letters, digits and hyphens.`;
  return [problem("labels", expected)];
}

function normalForm(kind, identifier) {
  return kinds[kind].normal(identifier.trim());
}

function problem(field, message) {
  return { field, message };
}
