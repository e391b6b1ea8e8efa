// Runs against the host at SHOP_URL, whose admin has the password SHOP_PASSWORD. build/check-clients starts one.
import assert from "node:assert/strict";
import { before, describe, test } from "node:test";
import { clientCredentials, connect, items, ProblemError, sessionTokens, value, versioned, type components, type Shop } from "../src/index.js";

const address = process.env["SHOP_URL"];
const password = process.env["SHOP_PASSWORD"];
if (!address || !password) {
  throw new Error("Set SHOP_URL and SHOP_PASSWORD, or run build/check-clients.");
}

const price = { amount: 1250, currency: "EUR" };
const unique = (word: string) => word + crypto.randomUUID().replaceAll("-", "").slice(0, 12);
const anonymous = connect({ address });
let staff: Shop;

async function guest(): Promise<Shop> {
  return connect({ address: address!, tokens: sessionTokens(address!, await value(anonymous.POST("/api/identity/guest-sessions"))) });
}

async function product(title: string) {
  const body = { title, variants: [{ price }] };
  const created = await versioned(staff.POST("/api/catalog/products", { body }));
  assert(created);
  return created;
}

async function refusal(call: Promise<unknown>): Promise<ProblemError> {
  const thrown = await call.then(() => undefined, (error: unknown) => error);
  assert(thrown instanceof ProblemError, String(thrown));
  return thrown;
}

before(async () => {
  const answer = await value(anonymous.POST("/api/identity/sign-in", { body: { email: "admin@example.com", password } }));
  staff = connect({ address, tokens: sessionTokens(address, answer) });
});

describe("the TypeScript client", () => {
  test("follows a list to its end, page by page", async () => {
    const word = unique("cup");
    for (let number = 1; number <= 5; number++) {
      await product(`${word} ${number}`);
    }
    const titles: (string | undefined)[] = [];
    for await (const found of items((cursor) => staff.GET("/api/catalog/products", { params: { query: { q: word, status: "draft", limit: 2, ...(cursor ? { cursor } : {}) } } }))) {
      titles.push(found.title);
    }
    assert.deepEqual(titles.sort(), [1, 2, 3, 4, 5].map((number) => `${word} ${number}`));
  });

  test("buys: a basket becomes a checkout, and a repeated order stays one", async () => {
    const created = await product(unique("teapot"));
    const sku = created.value.variants[0]!.sku;
    await staff.POST("/api/catalog/products/{id}/publish", { params: { path: { id: created.value.id } } });
    await staff.POST("/api/inventory/receipts", { body: { sku, quantity: 3 } });

    const customer = await guest();
    const basket = await value(customer.POST("/api/baskets", { body: { lines: [{ sku, quantity: 2 }] } }));
    const checkout = await value(customer.POST("/api/ordering/checkouts", { body: { basketId: basket.id } }));
    assert.deepEqual(checkout.total, { amount: 2500, currency: "EUR" });
    const order = { params: { header: { "Idempotency-Key": unique("order-") } }, body: { checkoutId: checkout.id, expectedTotal: checkout.total } };
    const placed = await value(customer.POST("/api/ordering/orders", order));
    const again = await value(customer.POST("/api/ordering/orders", order));
    assert.equal(again.id, placed.id);

    const cancelled = await value(customer.POST("/api/ordering/orders/{id}/cancel", { params: { path: { id: placed.id } }, body: { reason: "Too many." } }));
    assert.equal(cancelled.status, "cancelled");
  });

  test("is told when somebody else has changed a resource, and not sent what it has", async () => {
    const first = await product(unique("kettle"));
    const change = (title: string) => ({ params: { path: { id: first.value.id }, header: { "If-Match": first.etag! } }, body: { title, variants: [{ price }] } });
    const changed = await versioned(staff.PUT("/api/catalog/products/{id}", change("Changed " + unique("kettle"))));
    const refused = await refusal(staff.PUT("/api/catalog/products/{id}", change("Late")));

    assert.deepEqual([refused.status, refused.kind], [412, "precondition-failed"]);
    const unchanged = { params: { path: { id: first.value.id }, header: { "If-None-Match": changed!.etag! } } };
    assert.equal(await versioned(staff.GET("/api/catalog/products/{id}", unchanged)), null);
  });

  test("throws problems with their fields and the trace", async () => {
    const refused = await refusal(staff.POST("/api/inventory/receipts", { body: { sku: "", quantity: -1 } }));

    assert.equal(refused.status, 400);
    assert.deepEqual([...new Set(refused.errors.map((error) => error.pointer))].sort(), ["#/quantity", "#/sku"]);
    assert.match(refused.traceId ?? "", /^[0-9a-f]{32}$/);
    assert.match((await refusal(anonymous.GET("/api/inventory/locations"))).type, /^\/problems\//);
  });

  test("goes on with the next token when one is refused, once for many requests", async () => {
    const answer = await value(anonymous.POST("/api/identity/guest-sessions"));
    const kept: components["schemas"]["TokenAnswer"][] = [];
    const expired = sessionTokens(address, { ...answer, expires_in: 0 }, (next) => void kept.push(next));
    const customer = connect({ address, tokens: expired });

    await Promise.all([1, 2, 3, 4, 5].map(() => customer.GET("/api/ordering/orders")));

    assert.equal(kept.length, 1);
    assert.notEqual(kept[0]!.refresh_token, answer.refresh_token);
  });

  test("lets machines in with a key or a service account", async () => {
    const key = await value(staff.POST("/api/identity/api-keys", { body: { name: "Tests", permissions: ["inventory:read"], days: 1 } }));
    await connect({ address, apiKey: key.authorization }).GET("/api/inventory/locations");

    const account = await value(staff.POST("/api/identity/clients", {
      body: { name: "Tests", isConfidential: true, grants: ["client_credentials"], permissions: ["*"], roles: ["clerk"] },
    }));
    await connect({ address, tokens: clientCredentials(address, account.client.id, account.secret!) }).GET("/api/inventory/locations");
    const wrong = connect({ address, tokens: clientCredentials(address, account.client.id, "not the secret") });
    assert.equal((await refusal(wrong.GET("/api/inventory/locations"))).title, "invalid_client");
  });

  test("waits as Retry-After says when it has sent too much, and says so when it may not wait", async () => {
    let refusals = 0;
    const counting = async (request: Request) => {
      const response = await fetch(request);
      refusals += response.status === 429 ? 1 : 0;
      return response;
    };
    const patient = connect({ address, send: counting });
    const hasty = connect({ address, retry: false });
    const slug = { params: { query: { q: "nothing" } } };

    let refused: ProblemError | undefined;
    for (let request = 0; request < 1000 && !refused; request++) {
      refused = await hasty.GET("/api/catalog/products", slug).then(() => undefined, (error: ProblemError) => error);
    }
    await patient.GET("/api/catalog/products", slug);

    assert.deepEqual([refused?.status, refused?.kind], [429, "too-many-requests"]);
    assert((refused?.retryAfter ?? 0) >= 1000);
    assert(refusals >= 1);
  });
});
