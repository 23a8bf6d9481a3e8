// How esbuild is called by the build and by the tests.
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** The folder of the web app. */
export const root = new URL(".", import.meta.url).pathname;

/** Dexie without its attempt to make code from text, which the content security policy forbids and every console would report; it falls back by itself. */
function dexieWithoutEval(folder) {
  const source = readFileSync("/usr/share/webext/lightbeam/ext-libs/dexie.js", "utf8");
  const attempt = /return new Function\("let F=async[^\n]*\)\(\);/;
  if (!attempt.test(source)) { throw new Error("Dexie is not the version that this build knows."); }
  const path = join(folder, "dexie.js");
  writeFileSync(path, source.replace(attempt, "throw new Error();"));
  return path;
}

/** Bundles entries with what all bundles share, Debian's packages as libraries; returns esbuild's metafile. */
export function bundle(entries, options) {
  const folder = mkdtempSync(join(tmpdir(), "cherry-bundle-"));
  const metafile = join(folder, "meta.json");
  const shared = ["--bundle", "--charset=utf8", "--log-level=warning", "--jsx=automatic", `--alias:dexie=${dexieWithoutEval(folder)}`, "--alias:marked=/usr/share/nodejs/marked/lib/marked.esm.js"];
  execFileSync("esbuild", [...entries, ...shared, ...options, `--metafile=${metafile}`], { cwd: root, stdio: "inherit", env: { ...process.env, NODE_PATH: "/usr/share/nodejs" } });
  const meta = JSON.parse(readFileSync(metafile, "utf8"));
  rmSync(folder, { recursive: true });
  return meta;
}
