"use strict";
// Filters, search, deep links and the theme. Text from data only ever becomes text nodes.
(() => {
  const root = document.documentElement;
  const byId = (id) => document.getElementById(id);
  const number = (value) => String(value).replace(/\B(?=(\d{3})+$)/g, "\u202f");
  const plain = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  const KINDS = ["check", "severity", "state", "owner"];
  const ROW_HEIGHT = 78;
  const SPARE_ROWS = 20;
  const search = byId("search");
  const counter = byId("counter");
  const wanted = { check: "", severity: "", state: "", owner: "", q: "" };
  const data = byId("all-findings");
  const records = data ? JSON.parse(data.textContent) : null;

  const rows = records ? records.map(fromRecord) : [...document.querySelectorAll("table.findings tbody tr[id]")].map(fromRow);
  let shown = rows;
  root.classList.add("scripted");

  function fromRecord(record) {
    const row = { record, anchor: record.anchor };
    for (const kind of KINDS) row[kind] = record[kind];
    row.text = plain([record.who, record.upn, record.resource, record.holds, record.reason, record.owner, record.digits].join(" "));
    return row;
  }

  function fromRow(element) {
    const table = element.closest("table");
    const row = { element, table, anchor: element.id };
    for (const kind of KINDS) row[kind] = element.dataset[kind];
    row.text = plain(`${element.textContent} ${table.querySelector(".title-row").textContent} ${row.owner}`);
    return row;
  }

  function fits(row) {
    return KINDS.every((kind) => !wanted[kind] || row[kind] === wanted[kind]) && (!wanted.q || row.text.includes(plain(wanted.q)));
  }

  function apply() {
    const filtered = KINDS.some((kind) => wanted[kind]) || Boolean(wanted.q);
    shown = filtered ? rows.filter(fits) : rows;
    root.classList.toggle("filtered", filtered);
    if (records) {
      const checks = new Set(shown.map((row) => row.check));
      for (const section of document.querySelectorAll("section.check")) section.hidden = filtered && !checks.has(section.dataset.check);
      drawWindow();
    } else hideRows(filtered);
    for (const name of ["contents", "changed", "measures"]) if (byId(name)) byId(name).hidden = filtered;
    byId("show-all").hidden = !filtered;
    byId("nothing-fits").hidden = shown.length > 0 || !filtered;
    counter.textContent = filtered ? `${number(shown.length)} of ${number(rows.length)} findings` : `${number(rows.length)} findings`;
    for (const button of document.querySelectorAll(".filters button[data-kind]")) {
      button.setAttribute("aria-pressed", String(wanted[button.dataset.kind] === button.dataset.value));
    }
    for (const select of document.querySelectorAll(".filters select")) select.value = wanted[select.dataset.kind];
    search.value = wanted.q;
  }

  function hideRows(filtered) {
    const visible = new Set(shown);
    const tables = new Set();
    for (const row of rows) {
      row.element.hidden = !visible.has(row);
      if (visible.has(row)) tables.add(row.table);
    }
    for (const table of document.querySelectorAll("table.findings")) table.hidden = !tables.has(table);
    for (const section of document.querySelectorAll("section.check")) {
      section.hidden = filtered && ![...tables].some((table) => section.contains(table));
    }
  }

  function element(tag, name, text) {
    const made = document.createElement(tag);
    if (name) made.className = name;
    if (text !== undefined) made.textContent = text;
    return made;
  }

  function isolated(tag, text) {
    const made = element(tag);
    made.append(element("bdi", "", text));
    return made;
  }

  function listRow(row, place) {
    const record = row.record;
    const line = element("div", "list-row");
    line.dataset.anchor = row.anchor;
    line.style.top = `${place * ROW_HEIGHT}px`;
    line.setAttribute("role", "listitem");
    if (location.hash === `#${row.anchor}`) line.classList.add("target");
    const who = element("div");
    who.append(isolated("b", record.who), isolated("small", [record.who_type, record.upn].filter(Boolean).join(", ")));
    const where = element("div");
    where.append(isolated("b", record.resource), element("small", "", record.check_name));
    const holds = element("div");
    holds.append(isolated("b", record.holds), element("span", `mark ${record.severity}`, record.severity_words));
    const link = element("a", "", record.digits);
    link.href = `#${row.anchor}`;
    link.title = record.explain;
    const last = element("div");
    const digits = element("small", "id");
    digits.append(link);
    last.append(element("small", "", record.since), element("small", "", record.state_words), digits);
    line.append(who, where, holds, element("div", "reason", record.reason), last);
    return line;
  }

  function drawWindow() {
    const list = byId("list");
    list.style.height = `${shown.length * ROW_HEIGHT}px`;
    const top = list.getBoundingClientRect().top;
    const first = Math.max(0, Math.floor(-top / ROW_HEIGHT) - SPARE_ROWS);
    const last = Math.min(shown.length, Math.ceil((innerHeight - top) / ROW_HEIGHT) + SPARE_ROWS);
    const lines = [];
    for (let place = first; place < last; place += 1) lines.push(listRow(shown[place], place));
    list.replaceChildren(...lines);
  }

  function writeHash() {
    const parts = new URLSearchParams();
    for (const [name, value] of Object.entries(wanted)) if (value) parts.set(name, value);
    const hash = parts.toString();
    history.replaceState(null, "", hash ? `#${hash}` : location.pathname + location.search);
  }

  function want(kind, value) {
    wanted[kind] = wanted[kind] === value && kind !== "q" ? "" : value;
    writeHash();
    apply();
  }

  function readHash() {
    const hash = decodeURIComponent(location.hash.slice(1));
    const isLink = hash.startsWith("f-");
    const parts = new URLSearchParams(isLink || !hash.includes("=") ? "" : location.hash.slice(1));
    for (const name of Object.keys(wanted)) wanted[name] = parts.get(name) || "";
    apply();
    if (isLink) goTo(hash);
  }

  function goTo(anchor) {
    const place = shown.findIndex((row) => row.anchor === anchor);
    if (place < 0) return;
    if (!records) {
      shown[place].element.scrollIntoView();
      return;
    }
    scrollTo(0, byId("list").getBoundingClientRect().top + scrollY + place * ROW_HEIGHT - 140);
    drawWindow();
  }

  function toFindings() {
    const bar = document.querySelector(".filters");
    if (bar.getBoundingClientRect().top > 57) return;
    scrollTo(0, byId("findings-start").getBoundingClientRect().top + scrollY - 57);
  }

  function setTheme(theme) {
    root.dataset.theme = theme;
    byId("theme").textContent = theme === "dark" ? "Light" : "Dark";
  }

  document.querySelector(".filters").addEventListener("click", (event) => {
    const button = event.target.closest("button[data-kind]");
    if (button) { want(button.dataset.kind, button.dataset.value); toFindings(); }
  });
  document.querySelector(".filters").addEventListener("change", (event) => {
    const select = event.target.closest("select");
    if (select) { wanted[select.dataset.kind] = ""; want(select.dataset.kind, select.value); toFindings(); }
  });
  for (const link of document.querySelectorAll("a[data-only]")) {
    link.addEventListener("click", (event) => {
      event.preventDefault();
      wanted.check = "";
      want("check", link.dataset.only);
      byId("findings-start").scrollIntoView();
    });
  }
  byId("show-all").addEventListener("click", () => {
    for (const name of Object.keys(wanted)) wanted[name] = "";
    writeHash();
    apply();
  });
  search.addEventListener("input", () => { want("q", search.value); toFindings(); });
  addEventListener("keydown", (event) => {
    const typing = /^(INPUT|SELECT|TEXTAREA)$/.test(event.target.tagName || "");
    if (event.key === "/" && !typing) { event.preventDefault(); search.focus(); }
    if (event.key === "Escape" && document.activeElement === search) { want("q", ""); search.blur(); }
  });
  addEventListener("hashchange", readHash);
  if (records) {
    root.classList.add("windowed");
    addEventListener("scroll", drawWindow, { passive: true });
    addEventListener("resize", drawWindow);
  }
  byId("theme").addEventListener("click", () => setTheme(root.dataset.theme === "dark" ? "light" : "dark"));
  const dark = matchMedia("(prefers-color-scheme: dark)");
  setTheme(dark.matches ? "dark" : "light");
  dark.addEventListener("change", () => setTheme(dark.matches ? "dark" : "light"));
  readHash();
})();
