// What makes the page easier to use: a filter, folding, keys. All of it can be read without.
(() => {
  "use strict";
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];
  const lower = (element) => element.textContent.toLowerCase();

  // A link to a test opens what it is in, and takes the keyboard there.
  const open = () => {
    const target = location.hash.length > 1 && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (!target) return;
    for (let up = target.parentElement; up; up = up.parentElement) {
      if (up.tagName === "DETAILS") up.open = true;
      up.classList.remove("folded");
    }
    if (target.closest("details")) target.closest("details").hidden = false;
    target.scrollIntoView({ block: "start" });
    target.focus({ preventScroll: true });
  };
  addEventListener("hashchange", open);
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[href^='#']");
    // A second click on the same link changes no address.
    if (link && link.getAttribute("href") === location.hash) open();
  });

  // Suites fold; those that are all well are folded where there are many cases.
  const suites = all(".grid tbody");
  const fold = (suite, folded) => {
    suite.classList.toggle("folded", folded);
    suite.querySelector("button").setAttribute("aria-expanded", String(!folded));
  };
  for (const suite of suites) {
    const name = suite.querySelector(".suite-name");
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = name.textContent;
    name.replaceChildren(button);
    button.addEventListener("click", () => fold(suite, !suite.classList.contains("folded")));
    fold(suite, suite.hasAttribute("data-fold"));
  }

  // The filter hides rows of the grid and the blocks about tests.
  const form = document.querySelector(".filter");
  if (form) {
    form.hidden = false;
    const find = form.querySelector("#find");
    const found = form.querySelector("#found");
    const boxes = all("input[type=checkbox]", form);
    const blocks = all("#failures .test, #notes .test, #skipped .test").map((block) => [block, lower(block.querySelector("summary"))]);
    const rows = suites.map((suite) => {
      const name = lower(suite.querySelector(".suite-name"));
      const rows = all("tr:not(.suite)", suite).map((row) => [row, `${name}::${lower(row.querySelector("th"))}`, row.dataset.outcomes.split(" ")]);
      return [suite, rows];
    });
    const total = rows.reduce((sum, [, rows]) => sum + rows.length, 0);
    let searched = false;
    const apply = () => {
      const text = find.value.trim().toLowerCase();
      const wanted = new Set(boxes.filter((box) => box.checked).map((box) => box.value));
      const isAll = !text && wanted.size === boxes.length;
      let shown = 0;
      for (const [suite, cases] of rows) {
        let some = 0;
        for (const [row, name, outcomes] of cases) {
          const fits = name.includes(text) && outcomes.some((outcome) => wanted.has(outcome));
          row.hidden = !fits;
          some += fits;
        }
        suite.hidden = some === 0;
        shown += some;
        if (!isAll) fold(suite, false);
        else if (searched) fold(suite, suite.hasAttribute("data-fold"));
      }
      for (const [block, name] of blocks) {
        block.hidden = !(name.includes(text) && wanted.has(block.dataset.outcome));
      }
      searched = !isAll;
      found.textContent = isAll ? "" : `${shown} of ${total} cases`;
      document.querySelector(".nothing").hidden = shown > 0;
      const failures = all("#failures .test");
      const note = document.querySelector("#failures .filtered");
      if (note) note.hidden = failures.some((block) => !block.hidden);
    };
    form.addEventListener("input", apply);
    form.addEventListener("submit", (event) => event.preventDefault());
    // A browser that goes back keeps what was written.
    apply();
    document.addEventListener("keydown", (event) => {
      const typing = event.target.closest("input, textarea");
      if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey) {
        event.preventDefault();
        find.focus();
      }
      if (event.key === "Escape" && event.target === find && find.value) {
        find.value = "";
        apply();
      }
    });
  }

  // Arrow keys go from cell to cell of the grid that says more.
  const step = { ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] };
  document.addEventListener("keydown", (event) => {
    const link = event.target.closest && event.target.closest(".grid td a");
    if (!link || !step[event.key]) return;
    const [across, down] = step[event.key];
    const cell = link.closest("td");
    const inside = (td) => td && td.querySelector("a");
    let next = null;
    if (across) {
      let td = cell;
      do td = across > 0 ? td.nextElementSibling : td.previousElementSibling; while (td && !inside(td));
      next = inside(td);
    } else {
      const lines = all(".grid tbody tr:not(.suite)").filter((row) => row.offsetParent);
      for (let at = lines.indexOf(cell.parentElement) + down; at >= 0 && at < lines.length && !next; at += down) {
        next = inside(lines[at].cells[cell.cellIndex]);
      }
    }
    event.preventDefault();
    if (next) next.focus();
  });

  // All of a tree at once.
  for (const tree of all(".comparison > .tree")) {
    for (const [word, state] of [["Open all", true], ["Close all", false]]) {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "all";
      button.textContent = word;
      button.addEventListener("click", () => all("details", tree).forEach((details) => { details.open = state; }));
      tree.before(button);
    }
  }
  open();
})();
