// Builds web/dist: `node build.mjs [--watch] [--dev]`. Fails when the JavaScript of the first load is over its budget.
import { createHash } from "node:crypto";
import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, watch, writeFileSync } from "node:fs";
import { basename, dirname, extname, join } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import { bundle, root } from "./bundle.mjs";

const dist = join(root, "dist");
/** Source maps, for a Sentry server: kept out of what is served. */
const maps = join(root, "maps");
const isDev = process.argv.includes("--dev");
const budget = 150 * 1024;
const mode = isDev ? ["--define:process.env.NODE_ENV=\"development\"", "--sourcemap=inline"] : ["--define:process.env.NODE_ENV=\"production\"", "--minify", "--legal-comments=none", "--sourcemap=external"];
const compressible = new Set([".js", ".css", ".html", ".svg", ".json", ".webmanifest", ".txt"]);

const filesUnder = (folder) => readdirSync(folder, { recursive: true }).filter((name) => statSync(join(folder, name)).isFile()).sort();
const read = (name) => readFileSync(join(dist, name));
const brotli = (data) => brotliCompressSync(data, { params: { [constants.BROTLI_PARAM_QUALITY]: isDev ? 4 : 11 } });
/** A source as it is called in the repository, or in the package that it comes from: never where it lies on this machine. */
const sourceName = (path) => path.replace(/^(?:\.\.\/)+/, "").replace(/^src\//, "web/src/").replace(/^.*\/(?:nodejs|node_modules|cherry-bundle-[^/]*)\//, "node_modules/");
/** The entry and everything that it imports statically. */
function firstLoad(outputs, name, found = new Set()) {
  if (!found.has(name)) {
    found.add(name);
    outputs[name].imports.filter((each) => each.kind === "import-statement").forEach((each) => firstLoad(outputs, each.path, found));
  }
  return found;
}

async function build() {
  rmSync(dist, { recursive: true, force: true });
  cpSync(join(root, "public"), dist, { recursive: true });
  if (existsSync(join(root, "fonts.mjs"))) {
    mkdirSync(join(dist, "fonts"), { recursive: true });
    await (await import("./fonts.mjs")).buildFonts(join(dist, "fonts"));
  }
  const { outputs } = bundle(["src/main.tsx"], ["--target=es2022", "--format=esm", "--splitting", "--outdir=dist/assets", "--entry-names=[name]-[hash]", "--chunk-names=[name]-[hash]", "--external:/fonts/*", ...mode]);
  rmSync(maps, { recursive: true, force: true });
  for (const name of filesUnder(dist).filter((each) => extname(each) === ".map")) {
    mkdirSync(join(maps, dirname(name)), { recursive: true });
    const map = JSON.parse(read(name));
    writeFileSync(join(maps, name), JSON.stringify({ ...map, sources: map.sources.map(sourceName) }));
    rmSync(join(dist, name));
  }
  const main = Object.keys(outputs).find((name) => outputs[name].entryPoint === "src/main.tsx");
  const page = read("index.html").toString().replace("/main.js", main.slice(4)).replace("/main.css", (outputs[main].cssBundle ?? "dist/main.css").slice(4));
  writeFileSync(join(dist, "index.html"), page);
  const shell = filesUnder(dist).map((name) => `/${name}`);
  const version = createHash("sha256").update(shell.map((name) => name + read(name).toString("latin1")).join("\n")).digest("hex").slice(0, 16);
  bundle(["src/sw.ts"], ["--target=es2022", "--format=iife", "--outfile=dist/sw.js", `--define:SHELL_FILES=${JSON.stringify(shell)}`, `--define:SHELL_VERSION="${version}"`, ...mode.filter((option) => !option.startsWith("--sourcemap"))]);
  const first = firstLoad(outputs, main);
  let sum = 0;
  for (const name of filesUnder(dist).filter((each) => compressible.has(extname(each)))) {
    const [data, small] = [read(name), brotli(read(name))];
    writeFileSync(join(dist, `${name}.br`), small);
    writeFileSync(join(dist, `${name}.gz`), gzipSync(data, { level: 9 }));
    const isFirst = first.has(`dist/${name}`);
    sum += isFirst ? small.length : 0;
    if (extname(name) === ".js") { console.log(`${basename(name).padEnd(28)}${String(data.length).padStart(9)} B${String(small.length).padStart(8)} B compressed${isFirst ? "  first load" : ""}`); }
  }
  console.log(`JavaScript at first load: ${(sum / 1024).toFixed(1)} KB compressed, budget ${budget / 1024} KB`);
  if (sum > budget && !isDev) { throw new Error("The JavaScript of the first load is over its budget."); }
}

const attempt = () => build().catch((error) => { console.error(error.message); process.exitCode = 1; });
await attempt();
if (process.argv.includes("--watch")) {
  let timer;
  ["src", "public"].forEach((folder) => watch(join(root, folder), { recursive: true }, () => { clearTimeout(timer); timer = setTimeout(attempt, 100); }));
}
