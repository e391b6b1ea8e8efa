import { setTimeout as pause } from "./timing.js";

/** Sends a request. */
export type Send = (request: Request) => Promise<Response>;

export interface RetryOptions {
  /** How often a request is sent at most; 4 unless given. */
  attempts?: number;
  /** How many milliseconds all attempts and pauses may take; 30,000 unless given. When a pause would last longer, the refusal is the answer. */
  deadline?: number;
}

const firstPause = 200;
const reads = new Set(["GET", "HEAD", "OPTIONS"]);
const repeatable = new Set(["PUT", "DELETE"]);

/**
 * Sends a request again that was refused for the moment (429, 503) or lost on the way, if that cannot have a second effect: reads, PUT and DELETE, and whatever carries an
 * `Idempotency-Key`, which stays the same. It waits as long as `Retry-After` says, else longer each time and by chance.
 */
export function retrying(options: RetryOptions, send: Send): Send {
  const attempts = options.attempts ?? 4;
  const deadline = options.deadline ?? 30_000;
  return async (request) => {
    const began = performance.now();
    for (let attempt = 1; ; attempt++) {
      let response: Response | undefined;
      let lost: unknown;
      try {
        // The body of a request can be read once.
        response = await send(request.clone());
      } catch (error) {
        if (request.signal.aborted || !(error instanceof TypeError)) throw error;
        lost = error;
      }
      const wait = (response && retryAfter(response)) ?? firstPause * 2 ** (attempt - 1) * (0.5 + Math.random());
      const isForTheMoment = !response || response.status === 429 || response.status === 503;
      if (!isForTheMoment || attempt >= attempts || !mayRepeat(request, !response) || performance.now() - began + wait > deadline) {
        if (response) return response;
        throw lost;
      }
      await response?.body?.cancel();
      await pause(wait, request.signal);
    }
  };
}

/** `Retry-After` (RFC 9110, section 10.2.3), in seconds or as a date, in milliseconds from now. */
export function retryAfter(response: Response): number | undefined {
  const header = response.headers.get("Retry-After");
  if (header === null) return undefined;
  const milliseconds = /^\d+$/.test(header) ? Number(header) * 1000 : Date.parse(header) - Date.now();
  return Number.isNaN(milliseconds) ? undefined : Math.max(0, milliseconds);
}

// A change guarded by If-Match that was lost may have been made; sent again, it would be told that somebody else has made one.
function mayRepeat(request: Request, isLost: boolean): boolean {
  return (
    request.headers.has("Idempotency-Key") ||
    reads.has(request.method) ||
    (repeatable.has(request.method) && !(isLost && request.headers.has("If-Match")))
  );
}
