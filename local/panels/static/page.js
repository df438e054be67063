// Loads what the address asks for, shows it, and loads it again when the address or the time says so.

import { prepareHead, showHead, showQuery, showRefresh, showTabs } from "./header.js";
import { element, icon } from "./dom.js";
import { forgetDrawings, showPanels, showSkeleton } from "./panels.js";
import { current, parameters } from "./state.js";
import { showStatus } from "./status.js";

const STATUS_MS = 2000; // the demo counts as it goes

let timer = null;
let turn = 0; // of the newest request; an older answer that comes late is dropped
let shown = null; // the last answer, to draw again without asking
let shownId = null;

window.panelsReady = false; // what screenshots wait for
window.panelErrors = [];

/** The JSON under an address; an error with the server's own words. */
async function asked(path) {
  const response = await fetch(path);
  const answer = await response.json();
  if (!response.ok) throw new Error(answer.error);
  return answer;
}

async function load() {
  clearTimeout(timer);
  const mine = ++turn;
  const state = current();
  window.panelsReady = false;
  document.getElementById("panels").setAttribute("aria-busy", "true");
  if (state.id !== shownId) showSkeleton();
  try {
    const answer = await asked(`/api/dashboards/${encodeURIComponent(state.id)}?${parameters(state)}`);
    if (mine === turn) await show(answer);
  } catch (error) {
    if (mine === turn) showProblem(error.message);
  }
  if (mine === turn) finish(state);
}

async function show(answer) {
  shown = answer;
  shownId = answer.id;
  showHead(answer);
  showQuery(null);
  window.panelErrors = await showPanels(answer.id, answer.panels);
}

/** A request that failed as a whole: beside the query if that is wrong, else in place of panels. */
function showProblem(message) {
  window.panelErrors = [{ title: "page", message }];
  if (shown && shownId === current().id) {
    showQuery(message);
    return;
  }
  const box = element("div", { class: "panel error wide", role: "alert" }, icon("warning"), element("p", {}, message));
  document.getElementById("panels").replaceChildren(box);
  shownId = null;
}

function finish({ refresh }) {
  document.getElementById("panels").setAttribute("aria-busy", "false");
  showRefresh(new Date(), load);
  if (refresh) timer = setTimeout(load, refresh * 1000);
  window.panelsReady = true;
}

async function redraw() {
  forgetDrawings();
  if (shown) window.panelErrors = await showPanels(shown.id, shown.panels);
}

async function watchStatus() {
  const { status } = await asked("/api/status");
  showStatus(status);
  if (status) setTimeout(() => watchStatus().catch(() => showStatus(null)), STATUS_MS);
}

async function begin() {
  prepareHead(redraw);
  const { dashboards } = await asked("/api/dashboards");
  window.addEventListener("popstate", () => {
    showTabs(dashboards);
    load();
  });
  showTabs(dashboards);
  await Promise.all([load(), watchStatus().catch(() => showStatus(null))]);
}

begin().catch((error) => {
  showProblem(error.message);
  window.panelsReady = true;
});
