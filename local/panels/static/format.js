// Turns values into text. One place, so that a number reads the same in tiles, tables and tooltips.

const KIB = 1024;
const BYTE_UNITS = ["B", "KB", "MB", "GB", "TB", "PB"];
const SHORT_UNITS = [[1e9, "B"], [1e6, "M"], [1e3, "k"]];
const DURATIONS = [[86400e9, "d"], [3600e9, "h"], [60e9, "min"], [1e9, "s"], [1e6, "ms"], [1e3, "µs"], [1, "ns"]];
const DURATION_NS = { nanoseconds: 1, microseconds: 1e3, milliseconds: 1e6, seconds: 1e9, minutes: 60e9 };
const NONE = "–";

const grouped = new Intl.NumberFormat("en-GB", { maximumFractionDigits: 2 });
const time = new Intl.DateTimeFormat("en-GB", {
  timeZone: "UTC", day: "numeric", month: "short", hour: "2-digit", minute: "2-digit", second: "2-digit",
});
const minute = new Intl.DateTimeFormat("en-GB", {
  timeZone: "UTC", day: "numeric", month: "short", hour: "2-digit", minute: "2-digit",
});
const clock = new Intl.DateTimeFormat("en-GB", { timeZone: "UTC", hour: "2-digit", minute: "2-digit" });

/** The value in full, for tables and tooltips. */
export function exact(value, format) {
  if (value === null || value === undefined) return NONE;
  if (Array.isArray(value)) return value.map((one) => exact(one, format)).join(", ");
  if (format?.id === "date") return moment(value);
  if (typeof value === "object") return JSON.stringify(value);
  if (typeof value !== "number") return String(value);
  if (format?.params?.pattern === "0") return String(value);
  return special(value, format) ?? grouped.format(value);
}

/** The value short enough for a tile or a legend. */
export function short(value, format) {
  if (typeof value !== "number") return exact(value, format);
  const [limit, unit] = SHORT_UNITS.find(([limit]) => Math.abs(value) >= limit) ?? [1, ""];
  if (format?.params?.pattern === "0" || Math.abs(value) < 10_000) return exact(value, format);
  return special(value, format) ?? `${rounded(value / limit)}${unit}`;
}

/** A share of one, as a percentage. */
export function percent(share) {
  if (share > 0 && share < 0.001) return "<0.1%";
  return `${(share * 100).toFixed(share < 0.0995 ? 1 : 0)}%`;
}

/** A time in UTC, to the second. */
export function moment(value) {
  const date = new Date(value);
  return Number.isNaN(date.getTime()) ? String(value) : time.format(date).replace(",", "");
}

/** The two ends of a step of time, in UTC. */
export function span(start, end) {
  const sameDay = new Date(start).getUTCDate() === new Date(end).getUTCDate();
  return `${minute.format(start)} – ${(sameDay ? clock : minute).format(end)} UTC`;
}

function special(value, format) {
  if (format?.id === "bytes") return bytes(value);
  if (format?.id === "duration") return duration(value * (DURATION_NS[format.params?.inputFormat] ?? 1e9));
  return undefined;
}

function bytes(value) {
  const power = value < 1 ? 0 : Math.min(Math.floor(Math.log(value) / Math.log(KIB)), BYTE_UNITS.length - 1);
  return `${rounded(value / KIB ** power)} ${BYTE_UNITS[power]}`;
}

function duration(nanoseconds) {
  const [limit, unit] = DURATIONS.find(([limit]) => nanoseconds >= limit) ?? [1, "ns"];
  return `${rounded(nanoseconds / limit)} ${unit}`;
}

/** Three digits that count. */
function rounded(value) {
  return grouped.format(Number(value.toPrecision(3)));
}
