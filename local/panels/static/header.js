// The head of the page: dashboards, time range, query, refresh, filters and mode.

import { element, icon } from "./dom.js";
import { moment } from "./format.js";
import { address, change, current } from "./state.js";

const RANGES = [["15 m", "now-15m"], ["1 h", "now-1h"], ["6 h", "now-6h"], ["24 h", "now-24h"], ["7 d", "now-7d"], ["30 d", "now-30d"]];
const MOST_TABS = 5; // what a laptop's width has room for; the others are in a menu
const REFRESHES = [[0, "Off"], [5, "5 s"], [30, "30 s"]];
const $ = (id) => document.getElementById(id);

/** The first dashboards as tabs, the others in a menu whose name says which of them is shown. */
export function showTabs(dashboards) {
  const { id } = current();
  const others = dashboards.slice(MOST_TABS);
  const shown = others.find((one) => one.id === id);
  const menu = element("details", { class: "menu" },
    element("summary", { "aria-current": shown ? "page" : null }, shown ? shown.title : `${others.length} more`, icon("down")),
    element("div", { class: "list" }, ...others.map(link)));
  menu.addEventListener("focusout", (event) => menu.contains(event.relatedTarget) || menu.removeAttribute("open"));
  menu.addEventListener("keydown", (event) => event.key === "Escape" && menu.removeAttribute("open"));
  $("tabs").replaceChildren(...dashboards.slice(0, MOST_TABS).map(link), ...(others.length ? [menu] : []));
}

/** A dashboard's link; choices of time and mode go along, filters stay behind. */
function link(one) {
  const { id, from, to, refresh, mode } = current();
  const href = address({ id: one.id, from, to, refresh, mode, query: "", filters: [] });
  return element("a", { href, "aria-current": one.id === id ? "page" : null, onclick: followed }, icon(one.id), one.title);
}

/** Change the dashboard without loading the page anew. */
function followed(event) {
  if (event.metaKey || event.ctrlKey || event.shiftKey) return;
  event.preventDefault();
  history.pushState(null, "", event.currentTarget.href);
  window.dispatchEvent(new Event("popstate"));
}

/** Title, description and the reader's choices, once the dashboard is known. */
export function showHead({ title, description, from, to }) {
  document.title = `${title} · Central logs`;
  $("title").textContent = title;
  $("description").textContent = description;
  showTimes(from, to);
  showChips();
}

function showTimes(from, to) {
  const buttons = RANGES.map(([label, start]) => element("button", {
    type: "button",
    "aria-pressed": String(start === from && to === "now"),
    onclick: () => change({ from: start, to: "now" }),
  }, label));
  const known = RANGES.some(([, start]) => start === from) && to === "now";
  const other = known ? [] : [element("span", { class: "other" }, `${worded(from)} – ${worded(to)}`)];
  $("times").replaceChildren(...other, ...buttons);
}

function worded(time) {
  return time.startsWith("now") ? time : moment(time);
}

/** How often, how long ago, and now. */
export function showRefresh(loaded, reload) {
  const { refresh } = current();
  const options = REFRESHES.map(([seconds, label]) => element("option", { value: seconds, selected: seconds === refresh }, label));
  const select = element("select", { "aria-label": "Refresh", onchange: (event) => change({ refresh: Number(event.target.value) }) }, ...options);
  const clock = loaded.toLocaleTimeString("en-GB", { timeZone: "UTC" });
  $("refresh").replaceChildren(
    element("button", { type: "button", class: "icon-button", title: "Refresh now", "aria-label": "Refresh now", onclick: reload }, icon("refresh")),
    select,
    element("span", { class: "loaded", title: "Last updated, UTC. Every time on this page is UTC." }, `${clock} UTC`));
}

/** A value to show only, or to leave out; a click on it turns it round. */
function showChips() {
  const { filters } = current();
  const without = (gone) => filters.filter((one) => one !== gone);
  $("chips").hidden = filters.length === 0;
  $("chips").replaceChildren(...filters.map((one) => element("span", { class: `chip ${one.excluded ? "excluded" : ""}` },
    element("button", { type: "button", title: one.excluded ? "Show only this" : "Leave this out instead", onclick: () =>
      change({ filters: [...without(one), { ...one, excluded: !one.excluded }] }) },
    element("span", {}, `${one.excluded ? "not " : ""}${one.field}: `), element("b", {}, one.value)),
    element("button", { type: "button", class: "remove", "aria-label": `Remove the filter ${one.field}: ${one.value}`, onclick: () =>
      change({ filters: without(one) }) }, icon("close")))));
}

/** The query box; a query that was refused says why below it. */
export function showQuery(problem) {
  const { query } = current();
  if (document.activeElement !== $("query")) $("query").value = query;
  $("query").setAttribute("aria-invalid", String(Boolean(problem)));
  $("query-error").textContent = problem ?? "";
  $("query-error").hidden = !problem;
}

/** Make the query box and the mode button work; once. */
export function prepareHead(redraw) {
  $("search").addEventListener("submit", (event) => {
    event.preventDefault();
    change({ query: $("query").value.trim() });
  });
  $("query").addEventListener("search", () => $("query").value || change({ query: "" })); // the box's own cross
  $("mode").addEventListener("click", () => {
    const next = document.documentElement.dataset.mode === "dark" ? "light" : "dark";
    document.documentElement.dataset.mode = next;
    localStorage.setItem("mode", next);
    showMode();
    redraw();
  });
  showMode();
}

function showMode() {
  const dark = document.documentElement.dataset.mode === "dark";
  $("mode").replaceChildren(icon(dark ? "sun" : "moon"));
  $("mode").setAttribute("aria-label", dark ? "Light mode" : "Dark mode");
  $("mode").title = dark ? "Light mode" : "Dark mode";
}
