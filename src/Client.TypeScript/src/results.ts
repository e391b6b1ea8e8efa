/** A resource with the version that it had. */
export interface Versioned<T> {
  value: T;
  /** Stands for the version: send it as `If-Match` with a change, or as `If-None-Match` with a read. Null after a dry run. */
  etag: string | null;
}

/** One page of a list. */
export interface Page<T> {
  items: T[];
  /** The cursor of the next page; null on the last one. */
  next: string | null;
}

interface Result<T> {
  data?: T | undefined;
  response: Response;
}

/** What a call answered. */
export async function value<T>(call: Promise<Result<T>>): Promise<NonNullable<T>> {
  const { data, response } = await call;
  if (data === undefined || data === null) {
    throw new TypeError(`${response.url} answered ${response.status} and nothing else.`);
  }
  return data;
}

/** What a call answered, with its version; null when it has not changed (304). */
export async function versioned<T>(call: Promise<Result<T>>): Promise<Versioned<NonNullable<T>> | null> {
  const result = await call;
  return result.response.status === 304 ? null : { value: await value(Promise.resolve(result)), etag: result.response.headers.get("ETag") };
}

/** All items of a list, page by page as they are asked for: `items((cursor) => shop.GET("/api/catalog/products", { params: { query: { cursor } } }))`. */
export async function* items<T>(read: (cursor: string | undefined) => Promise<Result<Page<T>>>): AsyncGenerator<T, void, undefined> {
  let cursor: string | undefined;
  do {
    const page: Page<T> = await value(read(cursor));
    yield* page.items;
    cursor = page.next ?? undefined;
  } while (cursor !== undefined);
}
