import type { components } from "./generated/api.js";
import { ProblemError } from "./problem.js";
import type { Send } from "./retry.js";

export type TokenAnswer = components["schemas"]["TokenAnswer"];

/** Where access tokens come from. */
export interface Tokens {
  /** The token to send, a new one when the last one ends or was refused. */
  get(send: Send, rejected?: string): Promise<string>;
}

// A token that ends while the request is on its way is of no use.
const margin = 30_000;
const endpoint = "/api/identity/oauth/token";

/** Tokens of a service account (RFC 6749, section 4.4). */
export function clientCredentials(address: string, clientId: string, clientSecret: string, scope?: string): Tokens {
  return renewing(address, undefined, () => ({
    grant_type: "client_credentials",
    client_id: clientId,
    client_secret: clientSecret,
    ...(scope === undefined ? {} : { scope }),
  }));
}

/**
 * Tokens of somebody who has signed in, renewed with the refresh token, of which each works once. `keep` is told of new tokens before they are used, to keep the refresh token for the next
 * start; the one before is worth nothing then.
 */
export function sessionTokens(address: string, answer: TokenAnswer, keep?: (answer: TokenAnswer) => Promise<void> | void, clientId = "first-party"): Tokens {
  let refreshToken = answer.refresh_token;
  if (!refreshToken) {
    throw new TypeError("The answer has no refresh token, so the session cannot be renewed.");
  }
  return renewing(
    address,
    answer,
    () => ({ grant_type: "refresh_token", refresh_token: refreshToken as string, client_id: clientId }),
    async (next) => {
      refreshToken = next.refresh_token ?? refreshToken;
      await keep?.(next);
    },
  );
}

/** Sends an access token with each request, and once more with the next one when it is refused. */
export function authorized(tokens: Tokens, send: Send): Send {
  return async (request) => {
    const token = await tokens.get(send);
    const again = request.clone();
    request.headers.set("Authorization", `Bearer ${token}`);
    const response = await send(request);
    if (response.status !== 401) {
      return response;
    }
    // The key that signed it may be gone, or its session ended.
    const next = await tokens.get(send, token);
    await response.body?.cancel();
    again.headers.set("Authorization", `Bearer ${next}`);
    return send(again);
  };
}

function renewing(address: string, first: TokenAnswer | undefined, grant: () => Record<string, string>, accept?: (answer: TokenAnswer) => Promise<void>): Tokens {
  let current = first && { token: first.access_token, end: endOf(first) };
  let underWay: Promise<string> | undefined;

  async function renew(send: Send): Promise<string> {
    const response = await send(new Request(new URL(endpoint, address), { method: "POST", body: new URLSearchParams(grant()) }));
    if (!response.ok) {
      throw await ProblemError.from(response);
    }
    const answer = (await response.json()) as TokenAnswer;
    await accept?.(answer);
    current = { token: answer.access_token, end: endOf(answer) };
    return answer.access_token;
  }

  return {
    get(send, rejected) {
      if (current && current.token !== rejected && Date.now() < current.end) {
        return Promise.resolve(current.token);
      }
      // Of many requests at once one renews, because a refresh token works once.
      underWay ??= renew(send).finally(() => (underWay = undefined));
      return underWay;
    },
  };
}

function endOf(answer: TokenAnswer): number {
  return Date.now() + answer.expires_in * 1000 - margin;
}
