export type { components, operations, paths } from "./generated/api.js";
export { connect, type ConnectOptions, type Shop } from "./client.js";
export { ProblemError, type InvalidField } from "./problem.js";
export { items, value, versioned, type Page, type Versioned } from "./results.js";
export { retrying, type RetryOptions, type Send } from "./retry.js";
export { clientCredentials, sessionTokens, type TokenAnswer, type Tokens } from "./tokens.js";
