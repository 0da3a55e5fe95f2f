/**
 * Bundles the installed packages into `built/`: GraphiQL with its styles, and its editor's workers.
 *
 * GraphiQL 5's modules import packages by name, and its editor starts workers, which a browser can't load from the
 * packages. `python -m client.playground` runs this.
 */

import { rm, writeFile } from "node:fs/promises";
import { build } from "esbuild";

/** @type {import("esbuild").BuildOptions} */
const shared = {
  bundle: true,
  minify: true,
  outdir: "built",
  define: { "process.env.NODE_ENV": '"production"' },
  loader: { ".ttf": "file" },
  legalComments: "linked",
  logLevel: "warning",
};

await rm("built", { recursive: true, force: true });
await build({
  ...shared,
  entryPoints: {
    "editor.worker": "monaco-editor/esm/vs/editor/editor.worker.js",
    "graphql.worker": "monaco-graphql/esm/graphql.worker.js",
    "json.worker": "monaco-editor/esm/vs/language/json/json.worker.js",
  },
  format: "iife",
});
// A type checker reads the packages' own types instead of the minified bundle.
await writeFile("built/graphiql.d.ts", 'export * from "../graphiql.js";\n');
// Last, so that the others exist when this file does.
await build({ ...shared, entryPoints: { graphiql: "graphiql.js" }, format: "esm" });
