// The demo's reconciliation: what was put in the member accounts against what arrived.

import { element } from "./dom.js";
import { exact } from "./format.js";

const BADGES = [["lost", "bad"], ["duplicated", "warn"], ["rejected", "quiet"]];

/** Show it in the head, or nothing where there is none. */
export function showStatus(status) {
  const host = document.getElementById("status");
  const open = host.querySelector("details")?.open ?? false;
  host.replaceChildren(...(status ? [details(status, open)] : []));
}

function details({ rows, totals }, open) {
  const put = totals.put ?? sum(rows, "put");
  const arrived = totals.arrived ?? sum(rows, "arrived");
  const share = put ? Math.min(1, arrived / put) : 0;
  const badges = BADGES.map(([name, tone]) => {
    const count = totals[name] ?? 0;
    return element("span", { class: `count ${count ? tone : "good"}` }, element("b", {}, exact(count)), ` ${name}`);
  });
  return element("details", { class: "status", open },
    element("summary", { "aria-label": `${exact(arrived)} of ${exact(put)} records arrived` },
      element("span", { class: "arrived" }, element("b", {}, exact(arrived)), ` of ${exact(put)} arrived`),
      element("span", { class: "progress" }, element("i", { class: share === 1 ? "full" : "", style: { width: `${share * 100}%` } })),
      ...badges),
    element("div", { class: "rows scroll" }, table(rows)));
}

function table(rows) {
  const heads = ["Account", "Region", "Dataset", "Put", "Arrived"].map((name, n) =>
    element("th", { scope: "col", class: n > 2 ? "number" : null }, name));
  const lines = rows.map(({ account, region, dataset, put, arrived }) =>
    element("tr", { class: arrived < put ? "short" : null },
      ...[account, region, dataset].map((text) => element("td", {}, text)),
      ...[put, arrived].map((count) => element("td", { class: "number" }, exact(count)))));
  return element("table", {}, element("thead", {}, element("tr", {}, ...heads)), element("tbody", {}, ...lines));
}

function sum(rows, key) {
  return rows.reduce((total, row) => total + row[key], 0);
}
