import type { Kit } from "./demo-kit.ts";

/** The decision of the architecture task. */
export function design({ files }: Kit) {
  return {
    status: "complete",
    summary:
      "Validation becomes a pure function beside the store, identifiers are stored in normal form, and the store itself refuses duplicates.",
    decision: {
      recommendation: `Add ${files.validation} with one pure function that gives either an asset in normal form or every problem at once. The store keeps a second index by kind and identifier and refuses a second entry in the same call that would add it. The handler only connects the two and chooses id and time. Reading a JSON body with its limit goes into ${files.http}, where the other HTTP matters are.`,
      alternatives_considered: [
        {
          name: "validation as a pure function, uniqueness in the store",
          summary:
            "Rules are tested without HTTP, and checking and adding cannot be separated by another request. Chosen.",
        },
        {
          name: "validation and duplicate check in the handler",
          summary:
            "One file less, but the rules need a running server to be tested, and a later asynchronous store would open a gap between the check and the write.",
        },
        {
          name: "a schema library",
          summary:
            "Less code for the shape, but the first dependency of this service, for three fields whose hard part (what is a domain) it does not know.",
        },
      ],
      trade_offs: {
        gains: [
          "every rule has a fast test",
          "two spellings of one domain are one asset",
          "no window between check and write",
        ],
        loses: [
          "a second index in memory, one entry for each asset",
          "the spelling a client used is not kept",
        ],
      },
      rationale:
        "The inventory is only useful if an asset is in it once; the spelling is worth less than that. The index costs about a hundred bytes for each asset in a service that holds them all in memory anyway.",
      boundaries: [
        `${files.http} reads bodies and writes answers; it knows nothing about assets`,
        `${files.validation} decides what an asset is; it does no input or output`,
        `${files.store} owns uniqueness`,
        `${files.handlers} connects them`,
      ],
      schema: [
        "asset: id (UUID), kind (domain, ipv4, repository), identifier (normal form), labels (at most 20), createdAt (ISO 8601, UTC)",
        "index: kind and identifier -> asset",
      ],
      contracts: [
        "POST /api/assets {kind, identifier, labels?} -> 201 asset",
        "400 malformed_json, 413 body_too_large (16 KiB), 415 unsupported_media_type",
        "422 invalid_asset with problems [{field, message}]",
        "409 duplicate_asset with the id of the asset that is there",
      ],
      major_trade_off: false,
    },
  };
}

/** The code review's two verdicts. */
export function review({ files }: Kit) {
  return {
    status: "complete",
    summary:
      "All five requirements are met, each with a test that fails without it. The code follows the design; one remark for later.",
    spec: { verdict: "compliant", missing: [], extra: [], deviations: [] },
    quality: {
      verdict: "approved",
      issues: [
        {
          severity: "minor",
          file: files.store,
          line: 2,
          description:
            "The inventory grows without a limit, as it did before, but now clients can make it grow.",
          fix: "When the store moves out of memory, give the endpoint a quota; until then, watch the process's memory.",
        },
      ],
    },
  };
}

/** The security review's verdict. */
export function securityReview({ files, tests }: Kit) {
  return {
    status: "complete",
    summary:
      "Door: POST /api/assets. Input is limited to 16 KiB, decoded strictly, checked against fixed fields by anchored patterns, and only ever stored and answered as JSON. Looked at injection, resource use, error contents and prototype pollution; nothing that can be misused was found beyond what follows.",
    verdict: "approved",
    files_reviewed: [
      ...Object.values(files),
      ...Object.values(tests).map(({ file }) => file),
      "README.md",
    ],
    findings: [
      {
        severity: "LOW",
        title: "Existing: the service authenticates nobody",
        file: files.routes,
        line: 12,
        description:
          "Whoever reaches the port may now also add assets. The service listens on the loopback unless told otherwise, so an attacker needs an account on the machine.",
        remediation:
          "Decide who may write before the service listens on another address; a test should show that a request without credentials is answered 401.",
      },
    ],
  };
}
