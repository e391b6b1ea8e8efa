import createClient, { type Client, type Middleware } from "openapi-fetch";
import { keyed, type paths } from "./generated/api.js";
import { ProblemError } from "./problem.js";
import { retrying, type RetryOptions, type Send } from "./retry.js";
import { authorized, type Tokens } from "./tokens.js";

/** The shop's HTTP API: `shop.GET("/api/catalog/products/{id}", { params: { path: { id } } })`. Refusals are thrown as `ProblemError`. */
export type Shop = Client<paths>;

export interface ConnectOptions {
  /** Where the API is: scheme, host and port. */
  address: string;
  /** Access tokens to send. */
  tokens?: Tokens;
  /** A machine's key to send instead of tokens, as it was shown when it was made: `ApiKey …`. */
  apiKey?: string;
  /** How requests are repeated; `false` for never. */
  retry?: RetryOptions | false;
  /** Sends a request; the platform's `fetch` unless given. */
  send?: Send;
}

/** Makes a client. Requests that may be repeated are repeated when they are refused for the moment or lost on the way. */
export function connect(options: ConnectOptions): Shop {
  let send: Send = options.send ?? ((request) => fetch(request));
  if (options.tokens) {
    send = authorized(options.tokens, send);
  }
  if (options.retry !== false) {
    send = retrying(options.retry ?? {}, send);
  }
  const shop = createClient<paths>({ baseUrl: options.address.replace(/\/$/, ""), fetch: send });
  shop.use(conventions(options.apiKey));
  return shop;
}

function conventions(apiKey: string | undefined): Middleware {
  return {
    onRequest({ request, schemaPath }) {
      if (apiKey) {
        request.headers.set("Authorization", apiKey);
      }
      if (keyed.has(`${request.method} ${schemaPath}`) && !request.headers.has("Idempotency-Key")) {
        request.headers.set("Idempotency-Key", crypto.randomUUID());
      }
      return request;
    },
    async onResponse({ response }) {
      if (response.status >= 400) {
        throw await ProblemError.from(response);
      }
      return undefined;
    },
  };
}
