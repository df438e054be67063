// Makes elements. Text is always text: nothing here parses HTML.

/** An element with properties, data attributes, listeners (`onclick`) and children. */
export function element(tag, properties = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (value === null || value === undefined || value === false) continue;
    if (name === "class") made.className = value;
    else if (name === "style") Object.entries(value).forEach(([key, one]) => made.style.setProperty(key, one));
    else if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else made.setAttribute(name, value === true ? "" : value);
  }
  made.append(...children.filter((child) => child !== null && child !== undefined));
  return made;
}

const SVG = "http://www.w3.org/2000/svg";

/** An SVG element with attributes and children. */
export function svg(tag, attributes = {}, ...children) {
  const made = document.createElementNS(SVG, tag);
  Object.entries(attributes).forEach(([name, value]) => made.setAttribute(name, value));
  made.append(...children);
  return made;
}

const ICONS = {
  chart: "M4 19V5M4 19h16M8 15v-4M12 15V8M16 15v-6",
  close: "M6 6l12 12M18 6L6 18",
  cloudtrail: "M5 4h10l4 4v12H5zM15 4v4h4M8.500 12h7M8.500 15.500h7M8.500 8.500h3",
  down: "M6 9.500l6 6 6-6",
  generic: "M3.500 5h17v14h-17zM7 9.500l3 2.500-3 2.500M12.500 15H17",
  guardduty: "M12 3l7.500 3v5.500c0 4.500-3 8-7.500 9.500-4.500-1.500-7.500-5-7.500-9.500V6zM9 12l2.200 2.200L15.200 10",
  info: "M12 11v5.500M12 7.600v.2M12 21a9 9 0 100-18 9 9 0 000 18",
  moon: "M20 14.500A8.500 8.500 0 019.500 4a8.500 8.500 0 1010.500 10.500",
  overview: "M4 4h7v7H4zM13 4h7v4.500h-7zM13 10.500h7V20h-7zM4 13h7v7H4z",
  refresh: "M19.500 12a7.500 7.500 0 11-2.200-5.300L19.500 9M19.500 4.500V9H15",
  sun: "M12 16a4 4 0 100-8 4 4 0 000 8M12 2.500V5M12 19v2.500M2.500 12H5M19 12h2.500M5.300 5.300L7 7M17 17l1.700 1.700M5.300 18.700L7 17M17 7l1.700-1.700",
  vpc_flow: "M12 4.500a2 2 0 100 4 2 2 0 000-4M5.500 15.500a2 2 0 100 4 2 2 0 000-4M18.500 15.500a2 2 0 100 4 2 2 0 000-4M11 8.300l-4.500 7.400M13 8.300l4.500 7.400M7.500 17.500h9",
  warning: "M12 4l9 16H3zM12 10v5M12 17.300v.2",
};

/** A line icon in the colour of the text around it. */
export function icon(name) {
  const path = svg("path", { d: ICONS[name] ?? ICONS.chart });
  return svg("svg", { class: "icon", viewBox: "0 0 24 24", "aria-hidden": "true" }, path);
}
