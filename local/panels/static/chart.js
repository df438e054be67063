// Draws Vega-Lite specifications, and makes them answer the pointer.

import { element } from "./dom.js";
import { exact, percent, short, span } from "./format.js";
import { addFilter, change } from "./state.js";
import { chartConfig } from "./theme.js";
import { hideTooltip, showTooltip } from "./tooltip.js";

const DRAG_PX = 6; // less than this is a click
const SHOWN = 12; // lines of a tooltip; more would leave the screen

/** A chart with its legend; resolves when it is drawn. */
export async function drawChart(host, drawing) {
  const plot = element("div", { class: "plot" });
  const figure = element("div", { class: `chart ${drawing.shape}` }, element("div", { class: "stage" }, plot, middle(drawing)));
  if (drawing.legend.length) figure.append(legend(drawing));
  host.append(figure);
  const own = drawing.shape === "own";
  const result = await window.vegaEmbed(plot, structuredClone(drawing.spec), {
    mode: "vega-lite",
    actions: false,
    renderer: "svg",
    ast: true, // interpreted expressions, so that the page needs no right to evaluate code
    config: chartConfig(),
    defaultStyle: false,
    tooltip: own ? ownTooltip : () => {},
  });
  if (!own) {
    answerPointer(result.view, drawing);
    answerClicks(result.view, drawing);
  }
  if (drawing.shape === "time" || drawing.shape === "heat") zoomByDragging(plot, result.view);
  return () => result.finalize();
}

/** The sum in the hole of a ring. */
function middle({ shape, total, format }) {
  if (shape !== "ring" || total === null) return null;
  return element("div", { class: "middle" }, element("b", {}, short(total, format)), element("span", {}, "total"));
}

function legend({ legend, format, fields, shape }) {
  const total = legend.reduce((sum, one) => sum + (one.value ?? 0), 0);
  const field = fields.series;
  return element("ul", { class: "legend" }, ...legend.map(({ label, colour, value }) =>
    element("li", {}, element("button", {
      type: "button",
      title: field ? `Show only ${field}: ${label}` : label,
      disabled: !field,
      onclick: () => addFilter(field, label),
    },
    element("i", { class: "dot", style: { "--colour": colour } }),
    element("span", { class: "name" }, label),
    value === undefined ? null : element("span", { class: "number" }, short(value, format)),
    shape === "ring" && total ? element("span", { class: "share" }, percent((value ?? 0) / total)) : null))));
}

function answerPointer(view, drawing) {
  view.addEventListener("pointermove", (event, item) => {
    const datum = item?.datum;
    if (!datum || (datum.x === undefined && datum.series === undefined)) hideTooltip();
    else showTooltip(event, ...lines(datum, drawing));
  });
  view.addEventListener("pointerout", hideTooltip);
}

/** Title and lines of the tooltip over one thing. */
function lines(datum, { shape, points, legend, format, total }) {
  if (shape === "time") return [span(datum.x, datum.end), together(points, legend, format, datum)];
  const label = datum.series ?? datum.x;
  const colour = legend.find((one) => one.label === label)?.colour;
  const share = total ? ` (${percent(datum.value / total)})` : "";
  const title = shape === "heat" && datum.end ? span(datum.x, datum.end) : datum.series === undefined ? "" : datum.x;
  return [title, [{ label, value: exact(datum.value, format) + share, colour }]];
}

/** Every series at one step of time, largest first. */
function together(points, legend, format, { x, series }) {
  const colours = new Map(legend.map(({ label, colour }) => [label, colour]));
  const here = points.filter((point) => point.x === x && point.value);
  return here.sort((one, other) => other.value - one.value).slice(0, SHOWN).map((point) => ({
    label: point.series,
    value: exact(point.value, format),
    colour: colours.get(point.series),
    strong: point.series === series && here.length > 1,
  }));
}

/** What a panel's own specification says in its tooltip. */
function ownTooltip(_, event, __, value) {
  if (value === null || value === undefined) return hideTooltip();
  const pairs = typeof value === "object" ? Object.entries(value) : [["", String(value)]];
  return showTooltip(event, "", pairs.map(([label, one]) => ({ label, value: exact(one) })));
}

function answerClicks(view, { fields }) {
  view.addEventListener("click", (_, item) => {
    const chosen = Object.entries(fields).filter(([key]) => item?.datum?.[key] !== undefined);
    chosen.forEach(([key, field]) => addFilter(field, item.datum[key]));
  });
}

/** Dragging over a chart along time shows that time. */
function zoomByDragging(plot, view) {
  const at = ({ clientX }) => {
    const left = plot.getBoundingClientRect().left + view.padding().left + view.origin()[0];
    return clientX - left;
  };
  plot.addEventListener("pointerdown", (down) => {
    const start = at(down);
    const band = plot.appendChild(element("div", { class: "selection" }));
    const move = (event) => mark(band, plot, down.clientX, event.clientX);
    const up = (event) => {
      window.removeEventListener("pointermove", move);
      band.remove();
      if (Math.abs(at(event) - start) > DRAG_PX) showBetween(view, start, at(event));
    };
    window.addEventListener("pointermove", move);
    window.addEventListener("pointerup", up, { once: true });
  });
}

function mark(band, plot, from, to) {
  const { left } = plot.getBoundingClientRect();
  band.style.setProperty("left", `${Math.min(from, to) - left}px`);
  band.style.setProperty("width", `${Math.abs(to - from)}px`);
}

function showBetween(view, ...pixels) {
  const scale = view.scale("x");
  if (!scale.invert) return;
  const [from, to] = pixels.sort((one, other) => one - other).map((x) => new Date(scale.invert(x)).toISOString());
  change({ from, to });
}
