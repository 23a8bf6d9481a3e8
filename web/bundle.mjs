// How esbuild is called by the build and by the tests.
import { execFileSync } from "node:child_process";
import { readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** The folder of the web app. */
export const root = new URL(".", import.meta.url).pathname;

/** Bundles entries with what all bundles share, Debian's packages as libraries; returns esbuild's metafile. */
export function bundle(entries, options) {
  const metafile = join(tmpdir(), `cherry-bundle-${process.pid}.json`);
  const shared = ["--bundle", "--charset=utf8", "--log-level=warning", "--jsx=automatic", "--alias:dexie=/usr/share/webext/lightbeam/ext-libs/dexie.js", "--alias:marked=/usr/share/nodejs/marked/lib/marked.esm.js"];
  execFileSync("esbuild", [...entries, ...shared, ...options, `--metafile=${metafile}`], { cwd: root, stdio: "inherit", env: { ...process.env, NODE_PATH: "/usr/share/nodejs" } });
  const meta = JSON.parse(readFileSync(metafile, "utf8"));
  rmSync(metafile);
  return meta;
}
