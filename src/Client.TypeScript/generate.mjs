// Writes src/generated/api.ts from the contract files of all modules.
import { mkdir, readFile, readdir, writeFile } from "node:fs/promises";
import openapiTS, { astToString } from "openapi-typescript";

const root = new URL("../../", import.meta.url);
const contract = ".openapi.json";

const modules = (await readdir(new URL("modules/", root))).sort();
const candidates = [...modules.map((module) => `modules/${module}/${module}${contract}`), `src/Platform/Platform${contract}`];
const document = { openapi: "3.1.1", info: { title: "API", version: "v1" }, paths: {}, components: {} };
for (const path of candidates) {
  const text = await readFile(new URL(path, root), "utf8").catch((error) => {
    // A module may have no operations.
    if (error.code === "ENOENT") return undefined;
    throw error;
  });
  const part = text === undefined ? {} : JSON.parse(text);
  Object.assign(document.paths, part.paths);
  for (const [kind, named] of Object.entries(part.components ?? {})) {
    document.components[kind] = { ...document.components[kind], ...named };
  }
}

// The client makes a key where the caller gives none.
const keyed = [];
for (const [path, item] of Object.entries(document.paths)) {
  for (const [method, operation] of Object.entries(item)) {
    const key = operation.parameters?.find((parameter) => parameter.name === "Idempotency-Key");
    if (key) {
      key.required = false;
      keyed.push(`${method.toUpperCase()} ${path}`);
    }
  }
}

// A field with a default may be left out of a request.
const types = astToString(await openapiTS(document, { defaultNonNullable: false }));
await mkdir(new URL("src/generated/", import.meta.url), { recursive: true });
await writeFile(
  new URL("src/generated/api.ts", import.meta.url),
  `// Generated from the contract files; changes are lost with the next build.\n${types}\n/** The operations that need an Idempotency-Key. */\nexport const keyed: ReadonlySet<string> = new Set(${JSON.stringify(keyed.sort(), null, 2)});\n`,
);
