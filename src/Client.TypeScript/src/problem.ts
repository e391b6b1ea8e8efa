import { retryAfter } from "./retry.js";

/** A field that was refused. */
export interface InvalidField {
  /** Where it stands in the request, as a JSON Pointer (RFC 6901): `#/lines/0/quantity`. */
  pointer: string;
  /** What is wrong and what would be right. */
  detail: string;
}

/** The API refused a request, or failed. What it says is in the members (RFC 9457). */
export class ProblemError extends Error {
  override readonly name = "ProblemError";
  /** The status of the answer. */
  readonly status: number;
  /** The kind of problem, an address that explains it; `about:blank` when the answer names none. */
  readonly type: string;
  /** The kind of problem in a sentence. */
  readonly title: string;
  /** What happened, and what to do. */
  readonly detail: string | undefined;
  /** Under which the host has recorded the request. */
  readonly traceId: string | undefined;
  /** The invalid fields, if that is the problem. */
  readonly errors: readonly InvalidField[];
  /** How many milliseconds to wait before the request is sent again; undefined when the answer does not say. */
  readonly retryAfter: number | undefined;
  /** All members of the problem, also those of its kind alone. */
  readonly members: Readonly<Record<string, unknown>>;

  private constructor(response: Response, members: Record<string, unknown>) {
    const text = (name: string) => (typeof members[name] === "string" ? (members[name] as string) : undefined);
    // OAuth 2 (RFC 6749, section 5.2) has names of its own for the same.
    const title = text("title") ?? text("error") ?? (response.statusText || "The request failed.");
    const detail = text("detail") ?? text("error_description");
    super(`${response.status} ${title}${detail === undefined ? "" : ` ${detail}`}`);
    this.status = response.status;
    this.type = text("type") ?? "about:blank";
    this.title = title;
    this.detail = detail;
    this.traceId = text("traceId");
    this.errors = Array.isArray(members["errors"]) ? (members["errors"] as InvalidField[]) : [];
    this.retryAfter = retryAfter(response);
    this.members = members;
  }

  /** The kind of problem in a word, the last segment of `type`: compare with this one. */
  get kind(): string {
    return this.type.slice(this.type.lastIndexOf("/") + 1);
  }

  static async from(response: Response): Promise<ProblemError> {
    let members: unknown;
    try {
      members = JSON.parse(await response.text());
    } catch (error) {
      // A proxy on the way answers in words of its own.
      if (!(error instanceof SyntaxError)) throw error;
    }
    const isObject = typeof members === "object" && members !== null && !Array.isArray(members);
    return new ProblemError(response, isObject ? (members as Record<string, unknown>) : {});
  }
}
