// What the reader has chosen, kept in the address, so that a page can be shared and gone back to.

/** The choices that the address holds; what is absent is left to the dashboard. */
export function current() {
  const parameters = new URLSearchParams(location.search);
  const filters = ["filter", "exclude"].flatMap((kind) =>
    parameters.getAll(kind).map((text) => ({ ...parsed(text), excluded: kind === "exclude" })));
  return {
    id: decodeURIComponent(location.pathname.split("/").pop()),
    from: parameters.get("from"),
    to: parameters.get("to"),
    query: parameters.get("q") ?? "",
    refresh: Number(parameters.get("refresh") ?? 0),
    mode: parameters.get("mode"),
    filters,
  };
}

/** Go on with some choices changed; `page.js` listens for it. */
export function change(changes) {
  const state = { ...current(), ...changes };
  history.pushState(null, "", address(state));
  window.dispatchEvent(new Event("popstate"));
}

/** Also show only what has this value, or with `excluded` only what has not. */
export function addFilter(field, value, excluded = false) {
  const { filters } = current();
  const others = filters.filter((one) => one.field !== field || one.value !== String(value));
  change({ filters: [...others, { field, value: String(value), excluded }] });
}

/** The address of a dashboard under these choices. */
export function address(state) {
  const search = parameters(state).toString();
  return `/d/${encodeURIComponent(state.id)}${search ? `?${search}` : ""}`;
}

/** The choices as parameters, for an address of the page and for its data alike. */
export function parameters({ from, to, query, refresh, filters, mode }) {
  const made = new URLSearchParams();
  if (from && to) {
    made.set("from", from);
    made.set("to", to);
  }
  if (query) made.set("q", query);
  filters.forEach(({ field, value, excluded }) => made.append(excluded ? "exclude" : "filter", `${field}:${value}`));
  if (refresh) made.set("refresh", refresh);
  if (mode) made.set("mode", mode);
  return made;
}

function parsed(text) {
  const colon = text.indexOf(":");
  return { field: text.slice(0, colon), value: text.slice(colon + 1) };
}
