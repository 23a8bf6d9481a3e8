// Builds web/dist: `node build.mjs [--watch] [--dev]`. Everything comes from Debian packages; see README.
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, watch, writeFileSync } from "node:fs";
import { basename, extname, join } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

const root = import.meta.dirname ?? new URL(".", import.meta.url).pathname;
const dist = join(root, "dist");
const isDev = process.argv.includes("--dev");
const budget = 150 * 1024;
const dexie = "/usr/share/webext/lightbeam/ext-libs/dexie.js";

/** Runs esbuild with what all bundles share; returns its metafile. */
export function bundle(entries, options) {
  const metafile = join(dist, "..", ".meta.json");
  const shared = ["--bundle", "--target=es2022", "--charset=utf8", "--log-level=warning", `--alias:dexie=${dexie}`, "--jsx=automatic"];
  execFileSync("esbuild", [...entries, ...shared, ...options, `--metafile=${metafile}`], { cwd: root, stdio: "inherit", env: { ...process.env, NODE_PATH: "/usr/share/nodejs" } });
  const meta = JSON.parse(readFileSync(metafile, "utf8"));
  rmSync(metafile);
  return meta;
}

const filesUnder = (folder) => readdirSync(folder, { recursive: true }).map(String).filter((name) => statSync(join(folder, name)).isFile());
const compress = (data) => brotliCompressSync(data, { params: { [constants.BROTLI_PARAM_SIZE_HINT]: data.length, [constants.BROTLI_PARAM_QUALITY]: isDev ? 4 : 11 } });

async function build() {
  rmSync(dist, { recursive: true, force: true });
  mkdirSync(dist, { recursive: true });
  cpSync(join(root, "public"), dist, { recursive: true });
  if (existsSync(join(root, "fonts.mjs"))) await (await import("./fonts.mjs")).buildFonts(join(dist, "fonts"));
  const mode = [`--define:process.env.NODE_ENV="${isDev ? "development" : "production"}"`, ...(isDev ? ["--sourcemap=inline"] : ["--minify", "--legal-comments=none"])];
  const outputs = bundle(["src/main.tsx"], ["--format=esm", "--splitting", "--outdir=dist/assets", "--entry-names=[name]-[hash]", "--chunk-names=[name]-[hash]", "--external:/fonts/*", ...mode]).outputs;
  const main = Object.keys(outputs).find((name) => outputs[name].entryPoint === "src/main.tsx");
  const page = readFileSync(join(dist, "index.html"), "utf8").replace("/main.js", main.slice(4)).replace("/main.css", (outputs[main].cssBundle ?? "").slice(4));
  writeFileSync(join(dist, "index.html"), page);
  const shell = filesUnder(dist).filter((name) => !/(^|\/)(robots\.txt|icon-\d+\.png)$/.test(name)).map((name) => `/${name.replaceAll("\\", "/")}`).sort();
  const version = createHash("sha256").update(shell.map((name) => name + readFileSync(join(dist, name), "latin1")).join("\n")).digest("hex").slice(0, 16);
  bundle(["src/sw.ts"], ["--format=iife", "--outfile=dist/sw.js", `--define:SHELL_FILES=${JSON.stringify(JSON.stringify(shell))}`, `--define:SHELL_VERSION="${version}"`, ...mode]);

  const first = new Set(), visit = (name) => { if (!first.has(name)) { first.add(name); outputs[name].imports.filter((each) => each.kind === "import-statement").forEach((each) => visit(each.path)); } };
  visit(main);
  let sum = 0;
  for (const name of filesUnder(dist)) {
    const data = readFileSync(join(dist, name));
    if (![".js", ".css", ".html", ".svg", ".json", ".webmanifest", ".txt"].includes(extname(name))) continue;
    const small = compress(data);
    writeFileSync(join(dist, `${name}.br`), small);
    writeFileSync(join(dist, `${name}.gz`), gzipSync(data, { level: 9 }));
    const isFirst = first.has(`dist/${name}`);
    if (isFirst) sum += small.length;
    if (extname(name) === ".js") console.log(`${basename(name).padEnd(32)} ${String(data.length).padStart(8)} B ${String(small.length).padStart(7)} B br${isFirst ? "  first load" : ""}`);
  }
  console.log(`JavaScript at first load: ${(sum / 1024).toFixed(1)} KB compressed, budget ${budget / 1024} KB`);
  if (sum > budget && !isDev) throw new Error("The JavaScript of the first load is over its budget.");
}

const attempt = () => build().catch((error) => { console.error(error.message); process.exitCode = 1; });
await attempt();
if (process.argv.includes("--watch")) {
  let timer;
  const again = () => { clearTimeout(timer); timer = setTimeout(attempt, 100); };
  for (const folder of ["src", "public"]) watch(join(root, folder), { recursive: true }, again);
}
