// Bundles and runs the tests: src/**/*.test.ts in Node, src/**/*.browser.ts in Chromium. `node test.mjs [--node|--browser] [name]`.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { bundle, root } from "./bundle.mjs";

const words = process.argv.slice(2);
const only = words.find((word) => !word.startsWith("--")) ?? "";
const find = (ending) => readdirSync(join(root, "src"), { recursive: true }).filter((name) => name.endsWith(ending) && name.includes(only)).map((name) => `src/${name}`);
const folder = mkdtempSync(join(tmpdir(), "cherry-web-"));
let failures = 0;
try {
  const inNode = words.includes("--browser") ? [] : [...find(".test.ts"), ...find(".test.tsx")];
  if (inNode.length > 0) {
    bundle(inNode, ["--platform=node", "--target=node20", "--format=esm", "--out-extension:.js=.mjs", `--outdir=${folder}/node`, "--define:process.env.NODE_ENV=\"test\""]);
    const files = readdirSync(`${folder}/node`, { recursive: true }).filter((name) => name.endsWith(".mjs")).map((name) => `${folder}/node/${name}`);
    failures += spawnSync(process.execPath, ["--test", "--test-reporter=spec", ...files], { cwd: root, stdio: "inherit" }).status === 0 ? 0 : 1;
  }
  const inBrowser = words.includes("--node") ? [] : find(".browser.ts");
  if (inBrowser.length > 0) {
    const { findChromium, runInChromium } = await import("./tests/chromium.mjs");
    if (findChromium() !== undefined) {
      bundle(inBrowser, ["--target=es2022", "--format=esm", "--splitting", `--outdir=${folder}/page`, "--entry-names=[name]", "--define:process.env.NODE_ENV=\"test\""]);
      failures += await runInChromium(`${folder}/page`, inBrowser);
    } else {
      console.log("Skipped the tests in the browser: no chromium is installed.");
      failures += process.env.CI === undefined ? 0 : 1;
    }
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
process.exitCode = failures === 0 ? 0 : 1;
