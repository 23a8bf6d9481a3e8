// Runs bundled test modules in a real Chromium: serves them on loopback, starts the browser headless and waits for its verdicts.
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";

/** The browser's path; `undefined` when none is installed. */
export function findChromium() {
  return ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].find((path) => existsSync(path));
}

/** Runs each module in a page of its own; resolves to the number of failures. */
export async function runInChromium(folder, modules) {
  let failures = 0;
  for (const module of modules) {
    failures += await runModule(folder, basename(module).replace(/\.ts$/, ".js"));
  }
  return failures;
}

async function runModule(folder, name) {
  const profile = mkdtempSync(join(tmpdir(), "cherry-chromium-"));
  let browser;
  let server;
  let timer;
  try {
    return await new Promise((resolve, reject) => {
      server = createServer((request, response) => {
        if (request.method === "POST") {
          let body = "";
          request.on("data", (part) => { body += part; });
          request.on("end", () => {
            response.end();
            const verdict = JSON.parse(body);
            if (verdict.done !== undefined) {
              resolve(verdict.done);
            } else {
              console.log(`${verdict.error === undefined ? "✔" : "✖"} ${verdict.name}${verdict.note ? ` (${verdict.note})` : ""}${verdict.error === undefined ? "" : `\n    ${verdict.error}`}`);
            }
          });
        } else if (request.url === "/") {
          response.setHeader("Content-Type", "text/html");
          response.end(`<!doctype html><title>tests</title><script type="module" src="/${name}"></script>`);
        } else {
          const path = join(folder, basename(request.url ?? ""));
          response.setHeader("Content-Type", "text/javascript");
          response.statusCode = existsSync(path) ? 200 : 404;
          response.end(existsSync(path) ? readFileSync(path) : "");
        }
      });
      server.listen(0, "127.0.0.1", () => {
        const flags = ["--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-dev-shm-usage", "--disable-background-networking", `--user-data-dir=${profile}`];
        browser = spawn(findChromium(), [...flags, `http://127.0.0.1:${server.address().port}/`], { stdio: "ignore" });
        browser.on("error", reject);
      });
      timer = setTimeout(() => reject(new Error(`${name} gave no verdict within two minutes.`)), 120_000);
    });
  } catch (error) {
    console.log(`✖ ${name}\n    ${error.message}`);
    return 1;
  } finally {
    clearTimeout(timer);
    const ended = browser && new Promise((resolve) => browser.on("exit", resolve));
    browser?.kill();
    await ended;
    server?.closeAllConnections();
    server?.close();
    await remove(profile);
  }
}

/** Removes a folder of Chromium's, whose helpers live a moment longer than itself and write until then. */
async function remove(folder) {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return rmSync(folder, { recursive: true, force: true });
    } catch (error) {
      if (error.code !== "ENOTEMPTY" || attempt === 50) throw error;
      await pause(100);
    }
  }
}
