import assert from "node:assert/strict";
import { test } from "node:test";
import { connect, ProblemError } from "../src/index.js";

const address = "http://shop.test";
const busy = () => new Response("{}", { status: 503, headers: { "Retry-After": "0" } });
const stock = () => Response.json({ sku: "A", location: "main", onHand: 1, reserved: 0, available: 1 });

/** Gives prepared answers, one after the other, and remembers what was sent. */
function network(...answers: (() => Response)[]) {
  const sent: { line: string; key: string | null; body: string }[] = [];
  const send = async (request: Request) => {
    sent.push({ line: `${request.method} ${new URL(request.url).pathname}${new URL(request.url).search}`, key: request.headers.get("Idempotency-Key"), body: await request.text() });
    return answers[Math.min(sent.length, answers.length) - 1]!();
  };
  return { sent, shop: connect({ address, send }) };
}

const lost = () => {
  throw new TypeError("fetch failed");
};

test("a change with a key is repeated with the same key and body", async () => {
  const { sent, shop } = network(lost, busy, stock);
  await shop.POST("/api/inventory/receipts", { body: { sku: "A", quantity: 1 } });

  assert.equal(sent.length, 3);
  assert.equal(new Set(sent.map((request) => JSON.stringify(request))).size, 1);
  assert.match(sent[0]!.key ?? "", /^[0-9a-f-]{36}$/);
});

test("a change without a key is sent once", async () => {
  const { sent, shop } = network(busy, stock);
  await assert.rejects(shop.POST("/api/inventory/locations", { body: { code: "x", name: "X" } }), ProblemError);
  assert.equal(sent.length, 1);
});

test("a guarded change that was lost is not repeated, because it may have been made", async () => {
  const { sent, shop } = network(lost);
  await assert.rejects(shop.DELETE("/api/identity/roles/{name}", { params: { path: { name: "buyer" }, header: { "If-Match": '"v1"' } } }), TypeError);
  assert.equal(sent.length, 1);
});

test("what stays refused is given up after four attempts", async () => {
  const { sent, shop } = network(busy);
  await assert.rejects(shop.GET("/api/inventory/locations"), ProblemError);
  assert.equal(sent.length, 4);
});

test("a wait beyond the deadline is left to the caller", async () => {
  const { sent, shop } = network(() => new Response("<html>", { status: 429, headers: { "Retry-After": "60" } }));
  await assert.rejects(shop.GET("/api/inventory/locations"), (error: ProblemError) => error.status === 429 && error.retryAfter === 60_000 && error.type === "about:blank");
  assert.equal(sent.length, 1);
});

test("repeated parameters are repeated", async () => {
  const { sent, shop } = network(() => Response.json({ items: [], next: null }));
  await shop.GET("/api/inventory/stock", { params: { query: { sku: ["A/1", "B"] } } });
  assert.equal(sent[0]!.line, "GET /api/inventory/stock?sku=A%2F1&sku=B");
});
