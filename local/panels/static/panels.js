// The grid of panels. A refresh replaces what is inside a panel when the new picture is ready.

import { drawChart } from "./chart.js";
import { element, icon } from "./dom.js";
import { drawBars, drawDocuments, drawTable, drawTiles } from "./lists.js";

const NARROW = 12; // columns of 48: below, a panel stays small on a small screen
const DRAW = {
  bars: drawBars,
  documents: drawDocuments,
  empty: (host) => host.append(element("p", { class: "empty" }, icon("chart"), "No data in this range")),
  error: (host, { message }) => {
    host.append(element("div", { class: "error", role: "alert" }, icon("warning"), element("p", {}, message)));
  },
  markdown: drawMarkdown,
  table: drawTable,
  tiles: drawTiles,
  vega: drawChart,
};

const shown = new Map(); // panel id: { frame, body, key, finalize }
let dashboard = null;

/** Show these panels; resolves to `{ title, message }` of those that could not be drawn. */
export async function showPanels(id, panels) {
  const grid = document.getElementById("panels");
  if (id !== dashboard) {
    shown.forEach(({ finalize }) => finalize());
    shown.clear();
    grid.replaceChildren(...panels.map(framed));
    dashboard = id;
  }
  const problems = await Promise.all(panels.map(filled));
  return problems.filter(Boolean);
}

/** Draw everything again, as after a change of mode. */
export function forgetDrawings() {
  shown.forEach((panel) => { panel.key = null; });
}

/** Something where panels will be, while the first answer is on its way. */
export function showSkeleton() {
  const places = [...Array(6).keys()].map((n) => ({ x: n * 8, y: 0, w: 8, h: 6 }));
  const more = [{ x: 0, y: 6, w: 34, h: 13 }, { x: 34, y: 6, w: 14, h: 13 }, { x: 0, y: 19, w: 24, h: 13 }, { x: 24, y: 19, w: 24, h: 13 }];
  const frames = [...places, ...more].map((grid) => element("div", { class: "panel skeleton", style: placed(grid) }));
  document.getElementById("panels").replaceChildren(...frames);
  dashboard = null;
}

/** Where a panel is in the grid, as custom properties that the style sheet uses. */
function placed({ x, y, w, h }) {
  return { "--x": x + 1, "--y": y + 1, "--w": w, "--h": h };
}

function framed({ id, title, description, grid, drawing }) {
  const body = element("div", { class: "body" });
  const about = description ? element("span", { class: "about", tabindex: "0", role: "img", "aria-label": description, title: description }, icon("info")) : null;
  const heading = element("h2", { id: `panel-${id}` }, element("span", {}, title), about);
  const size = grid.w <= NARROW ? "narrow" : "";
  const frame = element("section", { class: `panel ${size} kind-${drawing.kind}`, "aria-labelledby": `panel-${id}`, style: placed(grid) }, heading, body);
  shown.set(id, { body, key: null, finalize: () => {} });
  return frame;
}

/** Draw one panel unless it shows the same already; gives its problem, if it has one. */
async function filled({ id, title, drawing }) {
  const panel = shown.get(id);
  const key = JSON.stringify(drawing);
  if (panel.key === key) return problem(title, drawing);
  const fresh = element("div", { class: "drawing incoming" });
  panel.body.append(fresh);
  panel.body.parentNode.className = panel.body.parentNode.className.replace(/kind-\w+/, `kind-${drawing.kind}`);
  const finalize = await drawn(fresh, drawing);
  keepScroll(panel.body, fresh);
  panel.finalize();
  panel.body.replaceChildren(fresh);
  fresh.classList.remove("incoming");
  Object.assign(panel, { key, finalize: finalize.call ?? (() => {}) });
  return problem(title, finalize.failed ?? drawing);
}

async function drawn(host, drawing) {
  try {
    return { call: await DRAW[drawing.kind](host, drawing) };
  } catch (error) { // whatever a chart library throws belongs into its panel
    const failed = { kind: "error", message: String(error) };
    host.replaceChildren();
    DRAW.error(host, failed);
    return { failed };
  }
}

function problem(title, { kind, message }) {
  return kind === "error" ? { title, message } : null;
}

function keepScroll(body, fresh) {
  const before = body.querySelector(".drawing:not(.incoming) .scroll");
  const after = fresh.querySelector(".scroll");
  if (before && after) after.scrollTop = before.scrollTop;
}

/** The server escapes everything that is not Markdown; see `markdown.py`. */
function drawMarkdown(host, { html }) {
  const text = element("div", { class: "markdown scroll" });
  text.innerHTML = html;
  host.append(text);
}
