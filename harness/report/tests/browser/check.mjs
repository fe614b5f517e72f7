// Looks at pages in a browser: that they load from a file without a word in the console and
// without a request, that axe finds nothing, that they can be used with keys and on a
// narrow screen, and that hostile strings in them do nothing.
//
// node check.mjs BROWSER MODULES PICTURES PAGE…
//   BROWSER   the program, MODULES the folder with puppeteer-core and axe-core,
//   PICTURES  a folder for screenshots, or `-`; pages whose name begins with `hostile` are
//             held to hold strings that would act if they were not escaped.
import { createRequire } from "node:module";
import { readFileSync, mkdirSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";

const [browserPath, modules, pictures, ...pages] = process.argv.slice(2);
const require = createRequire(join(resolve(modules), "x.js"));
const puppeteer = require("puppeteer-core");
const axe = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");

let failures = 0;
let checks = 0;
const check = (what, holds, more = "") => {
  checks += 1;
  if (holds) return;
  failures += 1;
  console.log(`FAIL  ${what}${more ? `: ${more}` : ""}`);
};

// Pages forbid scripts other than their own; what looks at them must be let in.
const open = async (browser, file, { scheme = "light", width = 1200, height = 900, scripts = true, bypass = false } = {}) => {
  const page = await browser.newPage();
  const said = [];
  page.on("console", (message) => said.push(`${message.type()}: ${message.text()}`));
  page.on("pageerror", (error) => said.push(`error: ${error.message}`));
  page.on("dialog", (dialog) => { said.push(`dialog: ${dialog.message()}`); dialog.dismiss(); });
  page.on("request", (request) => {
    if (!request.url().startsWith("data:") && request.url() !== url) said.push(`request: ${request.url()}`);
  });
  const url = pathToFileURL(resolve(file)).href;
  await page.setJavaScriptEnabled(scripts);
  await page.setBypassCSP(bypass);
  await page.setViewport({ width, height, deviceScaleFactor: 1 });
  await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: scheme }, { name: "prefers-reduced-motion", value: "reduce" }]);
  await page.goto(url);
  return { page, said };
};

const audit = async (browser, file) => {
  // A large page has what the others have, many times.
  const is_large = basename(file).startsWith("large");
  for (const scheme of is_large ? ["light"] : ["light", "dark"]) {
    for (const width of is_large ? [1200] : [1200, 400]) {
      const { page, said } = await open(browser, file, { scheme, width, bypass: true });
      // Closed parts are looked at too.
      await page.evaluate(() => document.querySelectorAll("details").forEach((details) => { details.open = true; }));
      await page.evaluate(axe);
      // Of a page with thousands of alike cells a part says the same as all.
      await page.evaluate(() => document.querySelectorAll(".grid tbody:nth-of-type(n+9)").forEach((suite) => suite.remove()));
      const found = await page.evaluate(() => globalThis.axe.run(document, { resultTypes: ["violations"] }));
      const told = found.violations.map((v) => `${v.id} (${v.nodes.length}): ${v.nodes[0].html.slice(0, 160)} ${v.nodes[0].failureSummary}`);
      check(`${basename(file)}: axe, ${scheme}, ${width} px`, told.length === 0, told.join("\n      "));
      check(`${basename(file)}: silent under axe`, said.length === 0, said.join(" | "));
      await page.close();
    }
  }
};

const plain = async (browser, file) => {
  const { page, said } = await open(browser, file);
  check(`${basename(file)}: one heading of the first order`, (await page.$$("h1")).length === 1);
  check(`${basename(file)}: nothing in the console, no request, no dialog`, said.length === 0, said.join(" | "));
  const policy = await page.$eval("meta[http-equiv]", (meta) => meta.content);
  check(`${basename(file)}: a policy`, policy.startsWith("default-src 'none'"), policy);
  await page.close();

  const narrow = await open(browser, file, { width: 400, height: 800 });
  const wide = await narrow.page.evaluate(() => document.documentElement.scrollWidth);
  check(`${basename(file)}: no wider than 400 px`, wide <= 400, `${wide} px`);
  await narrow.page.close();

  const bare = await open(browser, file, { scripts: false });
  const filter = await bare.page.$(".filter");
  check(`${basename(file)}: no filter without scripts`, !filter || !(await filter.isVisible()));
  const text = await bare.page.$eval("main", (main) => main.innerText.length);
  check(`${basename(file)}: readable without scripts`, text > 40, `${text} characters`);
  check(`${basename(file)}: silent without scripts`, bare.said.length === 0, bare.said.join(" | "));
  await bare.page.close();
};

// Tab as often as needed until something has the focus.
const tabTo = async (page, selector, most = 400) => {
  for (let n = 0; n < most; n += 1) {
    await page.keyboard.press("Tab");
    if (await page.evaluate((s) => document.activeElement.matches(s), selector)) return true;
  }
  return false;
};

const keys = async (browser, file) => {
  const name = basename(file);
  const { page, said } = await open(browser, file);
  if (!(await page.$(".grid td a")) || !(await page.$("#failures"))) { await page.close(); return false; }
  check(`${name}: Tab reaches the filter`, await tabTo(page, "#find"));
  const all = await page.$$eval(".grid tbody tr:not(.suite)", (rows) => rows.length);
  const shown = () => page.$$eval(".grid tbody tr:not(.suite)", (rows) => rows.filter((row) => row.offsetParent).length);
  await page.keyboard.type("no case is called this");
  check(`${name}: a text that is nowhere hides all`, (await shown()) === 0);
  check(`${name}: and says so`, await page.$eval(".nothing", (p) => !p.hidden));
  check(`${name}: for screen readers, too`, (await page.$eval("#found", (o) => o.textContent)) === `0 of ${all} cases`);
  await page.keyboard.press("Escape");
  await tabTo(page, "input[value=pass]", 8);
  await page.keyboard.press("Space");
  const left = await page.$$eval(".grid tbody tr:not(.suite)", (rows) => rows.filter((row) => !row.hidden).map((row) => row.dataset.outcomes));
  check(`${name}: passes can be hidden`, left.length < all && left.every((words) => words !== "pass"), `${left.length} of ${all}`);
  await page.keyboard.press("Space");

  check(`${name}: Tab reaches a cell that failed`, await tabTo(page, ".grid td.fail a"));
  const target = await page.evaluate(() => document.activeElement.getAttribute("href"));
  await page.evaluate((id) => { const d = document.querySelector(id).closest("details"); d.open = false; }, target);
  await page.keyboard.press("Enter");
  await page.waitForFunction((id) => document.activeElement === document.querySelector(id), { timeout: 3000 }, target).catch(() => {});
  const opened = await page.evaluate((id) => {
    const body = document.querySelector(id);
    const top = body.getBoundingClientRect().top;
    return body.closest("details").open && document.activeElement === body && top >= 0 && top < innerHeight;
  }, target);
  check(`${name}: Enter opens the failure and goes there`, opened);

  await page.evaluate(() => document.querySelector(".grid td a").focus());
  const from = await page.evaluate(() => document.activeElement.getAttribute("href"));
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowRight");
  const moved = await page.evaluate((from) => document.activeElement.matches(".grid td a") && document.activeElement.getAttribute("href") !== from, from);
  check(`${name}: arrow keys go from cell to cell`, moved || (await page.$$(".grid td a")).length < 3);
  const unnamed = await page.$$eval("a, button, input, svg[role=img]", (all) => all.filter((e) => !(e.textContent.trim() || e.getAttribute("aria-label") || e.labels?.length)).length);
  check(`${name}: all that can be used has a name`, unnamed === 0);
  const wordless = await page.$$eval(".grid td", (cells) => cells.filter((cell) => !cell.textContent.trim()).length);
  const empty = await page.$$eval(".grid tr.suite td", (cells) => cells.filter((cell) => !cell.textContent.trim()).length);
  check(`${name}: every verdict is a word`, wordless === empty, `${wordless} cells are empty`);
  check(`${name}: keys say nothing in the console`, said.length === 0, said.join(" | "));
  await page.close();
  return true;
};

const hostile = async (browser, file) => {
  const { page, said } = await open(browser, file);
  await page.evaluate(() => document.querySelectorAll("details").forEach((details) => { details.open = true; }));
  for (const link of await page.$$eval(".grid a", (all) => all.slice(0, 20).map((a) => a.getAttribute("href")))) {
    await page.evaluate((href) => { location.hash = href; }, link);
  }
  const found = await page.evaluate(() => ({
    scripts: document.querySelectorAll("script").length,
    styles: document.querySelectorAll("style").length,
    foreign: document.querySelectorAll("iframe, object, embed, base, link, form:not(.filter), img:not([src^='data:image/png;base64,'])").length,
    handlers: [...document.querySelectorAll("*")].filter((e) => [...e.attributes].some((a) => a.name.startsWith("on") || a.name === "style")).length,
    links: [...document.querySelectorAll("a")].map((a) => a.getAttribute("href")).filter((href) => !/^(#[a-z][a-z0-9-]*|\.\/[\w%.~/-]*|file:\/\/\/[\w%.~/-]*)$/.test(href)),
    marks: /[\u202a-\u202e\u2066-\u2069\u200b-\u200f\u0000-\u0008\u001b\u007f-\u009f]/.test(document.documentElement.textContent),
    owned: Boolean(globalThis.owned),
    text: document.body.textContent,
  }));
  check("hostile: one script and one style, ours", found.scripts === 1 && found.styles === 1, JSON.stringify(found));
  check("hostile: no element that is not ours", found.foreign === 0);
  check("hostile: no handlers, no styles in attributes", found.handlers === 0);
  check("hostile: links lead nowhere else", found.links.length === 0, found.links.join(" "));
  check("hostile: no mark that turns text around", !found.marks);
  check("hostile: nothing ran", !found.owned && said.length === 0, said.join(" | "));
  for (const text of ["<script>", "onerror=", "</script>", "javascript:", "</style>", "<!--"]) {
    check(`hostile: ${text} is shown as text`, found.text.includes(text));
  }
  await page.close();
};

const shoot = async (browser, file) => {
  mkdirSync(pictures, { recursive: true });
  const name = basename(file, ".html");
  for (const [kind, scheme, width, height] of [["light", "light", 1200, 1400], ["dark", "dark", 1200, 1400], ["phone", "light", 400, 860]]) {
    const { page } = await open(browser, file, { scheme, width, height });
    await page.screenshot({ path: join(pictures, `${name}-${kind}.png`) });
    if (process.env.PAGE_PARTS) {
      // Every part, to be looked at while the style is worked on.
      for (const id of ["failures", "verdicts", "parity", "notes", "skipped", "ledger", "changes", "hosts"]) {
        const part = await page.$(`#${id}`);
        if (!part) continue;
        await page.$eval(`#${id}`, (section) => section.scrollIntoView());
        await page.screenshot({ path: join(pictures, `${name}-${kind}-${id}.png`) });
      }
    }
    await page.close();
  }
};

const browser = await puppeteer.launch({
  executablePath: browserPath,
  headless: true,
  args: ["--no-sandbox", "--headless=new", "--disable-gpu", "--force-color-profile=srgb"],
});
try {
  let used = 0;
  for (const file of pages) {
    await plain(browser, file);
    await audit(browser, file);
    used += await keys(browser, file);
    if (basename(file).startsWith("hostile")) await hostile(browser, file);
    if (pictures !== "-") await shoot(browser, file);
  }
  if (pages.some((file) => basename(file).startsWith("hostile"))) {
    check("a page to use with keys is among them", used > 0);
  }
} finally {
  await browser.close();
}
console.log(`${checks} checks of ${pages.length} pages, ${failures} failed`);
process.exitCode = failures ? 1 : 0;
