// Subsets the interface's fonts from Debian's packages into woff2: `buildFonts("dist/fonts")`. Results are kept in .cache/fonts.
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { copyFileSync, existsSync, mkdirSync, renameSync, statSync } from "node:fs";
import { join } from "node:path";

const inter = "/usr/share/fonts/opentype/inter";
const mono = "/usr/share/fonts/truetype/jetbrains-mono";
const faces = [
  ["inter-400", `${inter}/Inter-Regular.otf`],
  ["inter-400-italic", `${inter}/Inter-Italic.otf`],
  ["inter-500", `${inter}/Inter-Medium.otf`],
  ["inter-600", `${inter}/Inter-SemiBold.otf`],
  ["mono-400", `${mono}/JetBrainsMono-Regular.ttf`],
];
/** What English and its neighbours need at once, and the rest, which a browser fetches when it meets it. `styles/fonts.css` names the same ranges. */
const subsets = {
  "": "U+0020-007E,U+00A0-017F,U+2010-2027,U+2030-203A,U+20AC,U+2122,U+2190-2193,U+2212,U+2318,U+21E7",
  "-more": "U+0180-024F,U+0300-0304,U+0308,U+030C,U+0370-03FF,U+0400-045F,U+0490-0491,U+1E00-1EFF,U+2000-200F,U+203B-2044,U+2070-209F,U+20A0-20AB,U+20AD-20BF,U+2116,U+2150-215F,U+2194-2199,U+21D0-21D5,U+2200-2211,U+2213-2265,U+2500-257F,U+25A0-25CF,U+2605-2606,U+2713-2718,U+FB01-FB02",
};
const features = "kern,liga,calt,ccmp,locl,mark,mkmk,tnum,ss03,cv11,case,frac";
const packages = "fonts-inter fonts-jetbrains-mono fonttools python3-brotli";

/** Writes the faces to `folder`. Without the tools or fonts the app uses the system's fonts, and this says so. */
export async function buildFonts(folder) {
  const cache = join(import.meta.dirname ?? new URL(".", import.meta.url).pathname, ".cache", "fonts");
  mkdirSync(cache, { recursive: true });
  mkdirSync(folder, { recursive: true });
  for (const [name, source] of faces) {
    if (!existsSync(source)) {
      console.warn(`Fonts: ${source} is missing, so the system's fonts are used. Mend it with: apt-get install ${packages}`);
      return;
    }
    for (const [suffix, characters] of Object.entries(subsets)) {
      const key = createHash("sha256").update([source, statSync(source).size, characters, features].join("\n")).digest("hex").slice(0, 16);
      const kept = join(cache, `${name}${suffix}-${key}.woff2`);
      if (!existsSync(kept) && !subset(source, characters, kept)) return;
      copyFileSync(kept, join(folder, `${name}${suffix}.woff2`));
    }
  }
}

function subset(source, characters, target) {
  const part = `${target}.part`;
  try {
    execFileSync("pyftsubset", [source, `--unicodes=${characters}`, `--layout-features=${features}`, "--flavor=woff2", "--desubroutinize", `--output-file=${part}`], { stdio: ["ignore", "ignore", "inherit"] });
    renameSync(part, target);
    return true;
  } catch (error) {
    console.warn(`Fonts: pyftsubset failed (${error.code ?? error.status}), so the system's fonts are used. Mend it with: apt-get install ${packages}`);
    return false;
  }
}
