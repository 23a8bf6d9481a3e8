import assert from "node:assert/strict";
import { test } from "node:test";
import { renderToStaticMarkup } from "react-dom/server.browser";
import { Markdown } from "./Markdown";

function render(source: string): string {
  return renderToStaticMarkup(<Markdown source={source} />);
}

/** Markup that could act: anything but the elements that the renderer makes itself. */
function assertHarmless(source: string): void {
  const html = render(source);
  // The values of attributes are quoted and escaped; without them only names are left to look at.
  const markup = [...html.matchAll(/<[^>]*>/g)].map((found) => (found[0] ?? "").replace(/"[^"]*"/g, "\"\""));
  const tags = markup.map((tag) => (/^<\/?([^\s/>]*)/.exec(tag)?.[1] ?? "").toLowerCase());
  const known = new Set([
    "div", "p", "h3", "h4", "h5", "h6", "strong", "em", "del", "code", "br", "span", "button", "bdi", "blockquote", "ul", "ol", "li", "table",
    "thead", "tbody", "tr", "th", "td", "hr", "figure", "figcaption", "pre", "svg", "path", "input",
  ]);
  for (const tag of tags) {
    assert.ok(known.has(tag), `<${tag}> came from: ${source}`);
  }
  assert.ok(!markup.some((tag) => /\shref=/.test(tag)), `an address that can be followed came from: ${source}`);
  assert.ok(!markup.some((tag) => /\s(?:src|srcset|srcdoc|action|formaction|style|background|poster|data)=/.test(tag)), `a loading attribute came from: ${source}`);
  assert.ok(!markup.some((tag) => /\son[a-z]+=/i.test(tag)), `a handler came from: ${source}`);
}

const attacks = [
  "<script>alert(1)</script>",
  "<img src=x onerror=alert(1)>",
  "<svg/onload=alert(1)>",
  "<svg><script>alert(1)</script></svg>",
  "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
  "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
  "<a href=\"javascript:alert(1)\">x</a>",
  "<base href=//evil.example>",
  "<form action=//evil.example><input name=q></form>",
  "<style>@import '//evil.example'</style>",
  "<meta http-equiv=refresh content='0;url=//evil.example'>",
  "<object data=//evil.example></object>",
  "<details open ontoggle=alert(1)>",
  "<!-- <img src=x> --!><img src=x onerror=alert(1)>",
  "<![CDATA[<img src=x onerror=alert(1)>]]>",
  "<?xml-stylesheet href='//evil.example'?>",
  "<div\n\nonclick=alert(1)>",
  "[x](javascript:alert(1))",
  "[x](JaVaScRiPt:alert(1))",
  "[x](java\nscript:alert(1))",
  "[x](java&#10;script:alert(1))",
  "[x](&#106;avascript:alert(1))",
  "[x](&#x6a;avascript&colon;alert(1))",
  "[x](\u0001javascript:alert(1))",
  "[x]( javascript:alert(1))",
  "[x](data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==)",
  "[x](vbscript:msgbox(1))",
  "[x](file:///etc/passwd)",
  "[x](blob:https://example.com/1)",
  "[x](//evil.example)",
  "[x](/api/v1/lock)",
  "[x](#top)",
  "[x](https://example.com \"title\\\" onmouseover=alert(1)\")",
  "[x](<https://example.com/\" onmouseover=\"alert(1)>)",
  "![x](https://evil.example/pixel.png)",
  "![x\" onerror=\"alert(1)](x)",
  "![](data:image/svg+xml,<svg onload=alert(1)>)",
  "[![x](https://evil.example/p.png)](https://evil.example)",
  "[x][1]\n\n[1]: javascript:alert(1)",
  "![x][1]\n\n[1]: https://evil.example/p.png",
  "<javascript:alert(1)>",
  "<https://evil.example>",
  "https://evil.example/\"onmouseover=alert(1)",
  "www.evil.example",
  "me@evil.example",
  "`<img src=x onerror=alert(1)>`",
  "```html\n<img src=x onerror=alert(1)>\n```",
  "```\"><img src=x onerror=alert(1)>\ncode\n```",
  "| <img src=x onerror=alert(1)> | b |\n|---|---|\n| <script>alert(1)</script> | [x](javascript:alert(1)) |",
  "- <img src=x onerror=alert(1)>\n- [ ] <script>alert(1)</script>",
  "> <img src=x onerror=alert(1)>",
  "# <img src=x onerror=alert(1)>",
  "&lt;img src=x onerror=alert(1)&gt;",
  "&#60;script&#62;alert(1)&#60;/script&#62;",
  "\\<script>alert(1)\\</script>",
  "**<img src=x onerror=alert(1)>**",
  "<p title='</p><script>alert(1)</script>'>",
  "<scr<script>ipt>alert(1)</scr</script>ipt>",
  "<a\u00a0href=x>",
  "<x onfocus=alert(1) tabindex=0 autofocus>",
  "constructor __proto__ [x](__proto__:alert(1))",
];

test("Nothing that a message contains acts in the page", () => {
  for (const attack of attacks) {
    assertHarmless(attack);
    assertHarmless(`before ${attack} after`);
    assertHarmless(`- item\n\n  ${attack}\n\n> ${attack}\n`);
  }
});

test("Markup in a message is shown as the characters it is made of", () => {
  assert.ok(render("a <b>c</b> d").includes("a &lt;b&gt;c&lt;/b&gt; d"));
  assert.ok(render("<div class=\"x\">\n\nhello\n\n</div>").includes("&lt;div class=&quot;x&quot;&gt;"));
});

test("A link is text with its address and a button, not a link", () => {
  const html = render("See [the page](https://example.com/a?b=c&d=e).");
  assert.ok(!html.includes("<a"));
  assert.match(html, /<button type="button" class="outside-link"[^>]*>the page<span class="address"> \(example\.com\/a\?b=c&amp;d=e\)<\/span><\/button>/);
});

test("A link whose text lies shows where it leads", () => {
  assert.ok(render("[https://bank.example](https://evil.example/)").includes("(evil.example)"));
  assert.ok(render("[x](https://bank.example@evil.example/)").includes("(evil.example)"));
  assert.ok(render("[x](https://аpple.example/)").includes("xn--"));
});

test("A bare address is said once", () => {
  assert.ok(!render("https://example.com/a").includes("address"));
  assert.ok(render("<https://example.com/?a=1&b=2>").includes(">https://example.com/?a=1&amp;b=2</button>"));
});

test("An image is its description and address, and loads nothing", () => {
  const html = render("![A cat](https://example.com/cat.png)");
  assert.ok(!html.includes("<img"));
  assert.ok(html.includes("A cat") && html.includes("(example.com/cat.png)"));
});

test("A link that leads nowhere is its words alone", () => {
  assert.equal(render("[text](javascript:alert(1))"), "<div class=\"markdown\"><p><span class=\"dead-link\">text</span></p></div>");
});

test("A link inside a link's text stays text", () => {
  const html = render("[![pic](https://a.example/p.png)](https://b.example)");
  assert.equal([...html.matchAll(/<button/g)].length, 1);
  assert.ok(html.includes("pic"));
});

test("The usual forms become their elements", () => {
  assert.ok(render("# A\n\nb **c** *d* ~~e~~ `f<g`").includes("<h3 class=\"heading-1\">A</h3><p>b <strong>c</strong> <em>d</em> <del>e</del> <code>f&lt;g</code></p>"));
  assert.ok(render("3. x\n4. y").includes("<ol dir=\"auto\" start=\"3\"><li>x</li><li>y</li></ol>"));
  assert.ok(render("- [x] done\n- [ ] open").includes("aria-label=\"Done\""));
  assert.ok(render("| a | b |\n|:-:|--:|\n| 1 | 2 |").includes("<td class=\"align-right\">2</td>"));
  assert.ok(render("a &copy; &amp;lt; &nbsp;b").includes("a © &amp;lt; \u00a0b"));
  assert.ok(render("a<br>b").includes("a<br/>b"));
  assert.ok(render("```swift\nlet a = 1\n```").includes("<span>swift</span>"));
});

test("Deep nesting is shown and does not overflow", () => {
  const html = render(`${">".repeat(3000)} deep`);
  assert.ok(html.includes("deep"));
  assert.ok(render(`${"*a ".repeat(2000)}`).includes("a"));
  assert.ok(render("[".repeat(500)).includes("["));
});
