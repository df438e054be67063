// The one tooltip of the page: a heading, and lines of a colour, a name and a value.

import { element } from "./dom.js";

const GAP = 14; // px between pointer and tooltip
const box = () => document.getElementById("tooltip");

/** Show lines `{ label, value, colour?, strong? }` beside the pointer. */
export function showTooltip(event, title, lines) {
  const rows = lines.map(({ label, value, colour, strong }) =>
    element("tr", { class: strong ? "strong" : null },
      element("td", {}, colour ? element("i", { class: "dot", style: { "--colour": colour } }) : "", label),
      element("td", { class: "number" }, value)));
  box().replaceChildren(...(title ? [element("strong", {}, title)] : []), element("table", {}, ...rows));
  box().hidden = false;
  place(event);
}

/** Take the tooltip away. */
export function hideTooltip() {
  box().hidden = true;
}

/** Beside the pointer, on the side where there is room. */
function place({ clientX, clientY }) {
  const { width, height } = box().getBoundingClientRect();
  const left = clientX + GAP + width > window.innerWidth ? clientX - GAP - width : clientX + GAP;
  const top = Math.min(clientY + GAP, window.innerHeight - height - GAP);
  box().style.setProperty("left", `${Math.max(0, left)}px`);
  box().style.setProperty("top", `${Math.max(0, top)}px`);
}
