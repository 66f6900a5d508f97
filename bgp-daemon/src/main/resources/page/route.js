/** Where the operator is: the path and the parameters behind the hash, so that each view has an address that can be passed on. */

export function current() {
  const [path, query] = location.hash.replace(/^#/, '').split('?');
  return { path: path || '/sites', params: new URLSearchParams(query ?? ''), hash: location.hash };
}

/** An address: the path with parameters; empty ones are left out. */
export function link(path, params = {}) {
  const query = new URLSearchParams(
    Object.entries(params).filter(([, value]) => value !== undefined && value !== null && value !== ''),
  );
  return `#${path}${query.size ? `?${query}` : ''}`;
}

/** The address of where we are with some parameters changed. */
export function changed(route, changes) {
  return link(route.path, { ...Object.fromEntries(route.params), ...changes });
}

export function go(address) {
  location.hash = address;
}

export const sitePath = (name, tab = '') => `/sites/${encodeURIComponent(name)}${tab ? `/${tab}` : ''}`;
