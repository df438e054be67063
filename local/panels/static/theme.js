// The look of every chart, in light and in dark, from the theme that the server reads too.

const theme = await (await fetch("/static/theme.json")).json();
const FONT = 'Inter, -apple-system, BlinkMacSystemFont, "Segoe UI", Roboto, "Noto Sans", Ubuntu, Cantarell, "Liberation Sans", Arial, sans-serif';

const CLOCK = "timeFormat(datum.value, hours(datum.value) == 0 && minutes(datum.value) == 0 ? '%a %-d %b' : '%H:%M')";

/** Whether the page is light or dark just now. */
export function mode() {
  return document.documentElement.dataset.mode;
}

/** The colour of what has no meaning of its own. */
export const PLAIN = theme.tones.plain;

/** Vega-Lite's configuration for the present mode. */
export function chartConfig() {
  const { text, quiet, grid, surface, heat } = theme[mode()];
  const label = { labelColor: quiet, labelFontSize: 11, titleColor: quiet, titleFontSize: 11, titleFontWeight: 500 };
  return {
    background: "transparent",
    font: FONT,
    autosize: { type: "fit", contains: "padding" },
    padding: { left: 2, right: 10, top: 6, bottom: 2 },
    view: { stroke: null },
    axis: { ...label, domain: false, ticks: false, gridColor: grid, labelPadding: 6, titlePadding: 8 },
    axisX: { grid: false, labelFlush: false, labelOverlap: true, labelSeparation: 10 },
    axisTemporal: { labelExpr: CLOCK },
    legend: { ...label, labelColor: text, symbolType: "circle", symbolSize: 70, orient: "top", title: null, offset: 8 },
    mark: { color: PLAIN },
    bar: { stroke: surface, strokeWidth: 0.7 },
    rect: { stroke: surface, strokeWidth: 1 },
    arc: { stroke: surface, strokeWidth: 0 },
    line: { strokeCap: "round" },
    point: { size: 22, filled: true },
    style: { band: { fill: text, stroke: null } },
    text: { color: text },
    range: { category: theme.series, heatmap: heat, ramp: heat },
  };
}
