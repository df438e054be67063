// Draws what is HTML rather than a chart: tiles, bars, tables, documents.

import { element, svg } from "./dom.js";
import { exact, moment, short } from "./format.js";
import { addFilter } from "./state.js";
import { PLAIN } from "./theme.js";
import { hideTooltip, showTooltip } from "./tooltip.js";

/** Big numbers, with the way they went. */
export function drawTiles(host, { tiles }) {
  host.append(element("div", { class: "tiles" }, ...tiles.map(({ label, value, format, tone, trend }) =>
    element("div", { class: `tile ${tone ?? ""}` },
      element("b", { title: exact(value, format) }, short(value, format)),
      element("span", {}, label),
      trend.length > 1 && trend.some((one) => one) ? sparkline(trend) : null))));
}

function sparkline(values) {
  const top = Math.max(...values);
  const points = values.map((value, n) => `${(n / (values.length - 1)) * 100},${30 - (value / top) * 27}`).join(" ");
  return svg("svg", { class: "sparkline", viewBox: "0 0 100 30", preserveAspectRatio: "none", "aria-hidden": "true" },
    svg("polygon", { points: `0,30 ${points} 100,30` }),
    svg("polyline", { points, "vector-effect": "non-scaling-stroke" }));
}

/** Named values, each with a bar as long as its number. */
export function drawBars(host, drawing) {
  const { bars, legend, format } = drawing;
  const colours = new Map(legend.map(({ label, colour }) => [label, colour]));
  const sums = bars.map(({ parts }) => parts.reduce((sum, part) => sum + part.value, 0));
  const top = Math.max(...sums);
  if (legend.length) host.append(barLegend(drawing));
  host.append(element("ol", { class: "bars" }, ...bars.map((bar, n) =>
    element("li", {}, element("button", {
      type: "button",
      title: drawing.field ? `Show only ${drawing.field}: ${bar.label}` : bar.label,
      disabled: !drawing.field,
      onclick: () => addFilter(drawing.field, bar.label),
    },
    element("span", { class: "name" }, bar.label),
    element("span", { class: "number" }, short(sums[n], format)),
    element("span", { class: "track" }, ...bar.parts.map((part) => segment(part, bar, top, colours, drawing))))))));
}

function segment(part, bar, top, colours, { format, title }) {
  const colour = colours.get(part.label) ?? bar.colour ?? PLAIN;
  return element("i", {
    style: { "--colour": colour, width: `${(part.value / top) * 100}%` },
    onpointermove: (event) => showTooltip(event, bar.label, [{ label: part.label || title, value: exact(part.value, format), colour }]),
    onpointerleave: hideTooltip,
  });
}

function barLegend({ legend, part_field: field }) {
  return element("ul", { class: "legend" }, ...legend.map(({ label, colour }) =>
    element("li", {}, element("button", { type: "button", disabled: !field, title: `Show only ${field}: ${label}`, onclick: () => addFilter(field, label) },
      element("i", { class: "dot", style: { "--colour": colour } }), element("span", { class: "name" }, label)))));
}

/** Rows under headings that sort them. */
export function drawTable(host, { columns, rows, badges }) {
  const body = element("tbody");
  const fill = (sorted) => body.replaceChildren(...sorted.map((row) => tableRow(row, columns, rows, badges)));
  const heads = columns.map((column) => sortableHead(column, rows, fill));
  fill(rows);
  host.append(scrolled(element("table", {}, element("thead", {}, element("tr", {}, ...heads)), body)));
}

function sortableHead(column, rows, fill) {
  const head = element("th", { scope: "col", class: column.number ? "number" : null });
  const sort = () => {
    const falling = head.getAttribute("aria-sort") !== "descending";
    head.parentNode.querySelectorAll("[aria-sort]").forEach((other) => other.removeAttribute("aria-sort"));
    head.setAttribute("aria-sort", falling ? "descending" : "ascending");
    fill(rows.toSorted((one, other) => compare(one[column.key], other[column.key]) * (falling ? -1 : 1)));
  };
  head.append(element("button", { type: "button", onclick: sort }, column.title));
  return head;
}

function compare(one, other) {
  return typeof one === "number" && typeof other === "number" ? one - other : String(one).localeCompare(String(other));
}

function tableRow(row, columns, rows, badges) {
  return element("tr", {}, ...columns.map((column) => {
    const value = row[column.key];
    if (!column.number) return element("td", {}, term(value, column.field, column.format, badges));
    const top = column.bar ? Math.max(...rows.map((one) => one[column.key] ?? 0)) : 0;
    const bar = top ? element("i", { class: "behind", style: { width: `${((value ?? 0) / top) * 100}%` } }) : null;
    return element("td", { class: "number" }, bar, element("span", {}, exact(value, column.format)));
  }));
}

/** A value; a badge if it has a meaning, a button if a click can filter by it. */
function term(value, field, format, badges) {
  if (value === null || value === undefined) return element("span", { class: "none" }, "–");
  const colour = badges[value];
  const shown = colour
    ? element("span", { class: "badge", style: { "--colour": colour } }, exact(value, format))
    : exact(value, format);
  if (!field || typeof value === "object") return element("span", { title: exact(value, format) }, shown);
  const title = `Show only ${field}: ${value}`;
  return element("button", { type: "button", class: "term", title, onclick: () => addFilter(field, value) }, shown);
}

/** Documents, one a line, that unfold to all their fields. */
export function drawDocuments(host, { columns, hits, total, badges }) {
  const heads = ["Time (UTC)", ...columns.map(({ name }) => name)].map((name) => element("th", { scope: "col" }, name));
  const body = element("tbody", {}, ...hits.flatMap((hit) => documentRows(hit, columns, badges)));
  const table = element("table", { class: "documents" }, element("thead", {}, element("tr", {}, element("th"), ...heads)), body);
  host.append(scrolled(table));
  if (total > hits.length) host.append(element("p", { class: "more" }, `The latest ${hits.length} of ${exact(total)}`));
}

function documentRows({ time, cells, source }, columns, badges) {
  const whole = element("tr", { class: "whole", hidden: true });
  const unfold = element("button", { type: "button", class: "unfold", "aria-expanded": "false", "aria-label": "Every field", onclick: () => {
    whole.hidden = !whole.hidden;
    unfold.setAttribute("aria-expanded", String(!whole.hidden));
    if (!whole.firstChild) whole.append(element("td", { colspan: columns.length + 2 }, fields(source)));
  } }, "›");
  const row = element("tr", {},
    element("td", { class: "fold" }, unfold),
    element("td", { class: "time" }, moment(time)),
    ...cells.map((value, n) => element("td", {}, term(value, columns[n].name, columns[n].format, badges))));
  return [row, whole];
}

function fields(source) {
  return element("dl", {}, ...leaves(source).flatMap(([name, value]) => [
    element("dt", {}, name), element("dd", {}, typeof value === "string" ? value : exact(value, { params: { pattern: "0" } }))]));
}

function leaves(tree, prefix = "") {
  return Object.entries(tree).flatMap(([key, value]) =>
    value && typeof value === "object" && !Array.isArray(value) ? leaves(value, `${prefix}${key}.`) : [[prefix + key, value]]);
}

function scrolled(table) {
  return element("div", { class: "scroll", tabindex: "0" }, table);
}
