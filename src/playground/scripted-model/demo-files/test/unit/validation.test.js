import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { parseNewAsset } from "../../src/assets/validation.js";

const domain = { kind: "domain", identifier: "shop.example.com" };

function wrongFields(body) {
  return (parseNewAsset(body).problems ?? []).map(({ field }) => field);
}

describe("what is accepted", () => {
  test("labels may be left out and are then empty", () => {
    assert.deepEqual(parseNewAsset(domain), { asset: { ...domain, labels: [] } });
  });

  test("a label that is given twice counts once", () => {
    const { asset } = parseNewAsset({ ...domain, labels: ["public", "shop", "public"] });
    assert.deepEqual(asset.labels, ["public", "shop"]);
  });

  const spellings = [
    ["a domain in capitals", "domain", " Shop.Example.COM ", "shop.example.com"],
    ["a domain with its final dot", "domain", "shop.example.com.", "shop.example.com"],
    ["an address", "ipv4", "192.0.2.10", "192.0.2.10"],
    ["a repository in capitals", "repository", "Acme/Shop.js", "acme/shop.js"],
  ];
  for (const [name, kind, identifier, normal] of spellings) {
    test(`${name} is brought to its normal form`, () => {
      assert.equal(parseNewAsset({ kind, identifier }).asset.identifier, normal);
    });
  }

  test("twenty labels of thirty-two characters are the most", () => {
    const labels = Array.from({ length: 20 }, (_, at) => `${"x".repeat(30)}${at + 10}`);
    assert.equal(parseNewAsset({ ...domain, labels }).asset.labels.length, 20);
  });
});

describe("what is refused", () => {
  for (const body of [null, "text", 7, true, [], [domain]]) {
    test(`${JSON.stringify(body)} is no object`, () => {
      assert.deepEqual(wrongFields(body), [""]);
    });
  }

  const identifiers = [
    ["domain", "example"],
    ["domain", "-shop.example.com"],
    ["domain", "shop..example.com"],
    ["domain", `${"a".repeat(64)}.example.com`],
    ["domain", "shop.example.com/path"],
    ["ipv4", "256.0.0.1"],
    ["ipv4", "192.0.2"],
    ["ipv4", "2001:db8::1"],
    ["repository", "acme"],
    ["repository", "acme/shop/extra"],
    ["repository", "../shop"],
  ];
  for (const [kind, identifier] of identifiers) {
    test(`${identifier} is no ${kind}`, () => {
      assert.deepEqual(wrongFields({ kind, identifier }), ["identifier"]);
    });
  }

  for (const identifier of [undefined, null, 42, "", "   "]) {
    test(`the identifier ${JSON.stringify(identifier)} is no text`, () => {
      assert.deepEqual(wrongFields({ kind: "domain", identifier }), ["identifier"]);
    });
  }

  test("a kind that does not exist, also one that every object has", () => {
    assert.deepEqual(wrongFields({ ...domain, kind: "printer" }), ["kind"]);
    assert.deepEqual(wrongFields({ ...domain, kind: "constructor" }), ["kind"]);
  });

  for (const labels of ["public", ["Public"], [""], [7], ["x".repeat(33)], Array(21).fill("x")]) {
    test(`the labels ${JSON.stringify(labels).slice(0, 40)}`, () => {
      assert.deepEqual(wrongFields({ ...domain, labels }), ["labels"]);
    });
  }

  test("fields the client may not choose are named", () => {
    assert.deepEqual(wrongFields({ ...domain, id: "mine", createdAt: "now" }), ["id", "createdAt"]);
  });

  test("every wrong field is reported at once", () => {
    assert.deepEqual(wrongFields({ kind: "x", identifier: "", labels: 1, owner: "me" }), [
      "owner",
      "kind",
      "identifier",
      "labels",
    ]);
  });
});
