/** The daemon's REST interface, with a token if one was given. */

const BASE = '/api/v1';
const TOKEN = 'popbgp-token';
const PATIENCE_MS = 60_000;

/** An answer that is none: with the status (0 if the daemon cannot be reached) and the daemon's own words. */
export class ApiError extends Error {
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

export const token = {
  get: () => sessionStorage.getItem(TOKEN),
  set: (text) => sessionStorage.setItem(TOKEN, text),
  clear: () => sessionStorage.removeItem(TOKEN),
};

/** Asks, and gives the answer when its head has come. A status other than 2xx is an ApiError. */
export async function request(path, { method = 'GET', params = {}, body, headers = {}, signal } = {}) {
  const query = new URLSearchParams(Object.entries(params).filter(([, value]) => value !== undefined && value !== ''));
  const sent = { Accept: 'application/json', ...headers };
  if (token.get()) {
    sent.Authorization = `Bearer ${token.get()}`;
  }
  if (method !== 'GET') {
    sent['Content-Type'] = 'application/json';
  }
  let answer;
  try {
    answer = await fetch(BASE + path + (query.size ? `?${query}` : ''), {
      method,
      headers: sent,
      body: body === undefined ? undefined : JSON.stringify(body),
      signal,
    });
  } catch (failure) {
    throw failure.name === 'TimeoutError' || failure.name === 'AbortError'
      ? new ApiError(0, 'the daemon did not answer in time')
      : new ApiError(0, 'the daemon cannot be reached');
  }
  if (!answer.ok) {
    throw new ApiError(answer.status, await problem(answer));
  }
  return answer;
}

async function problem(answer) {
  try {
    const json = await answer.json();
    const details = (json.problems ?? []).map((each) => `${each.path}: ${each.message}`);
    return [json.error, ...details].filter(Boolean).join('\n');
  } catch {
    return `status ${answer.status}`;
  }
}

export async function get(path, params = {}) {
  return (await request(path, { params, signal: AbortSignal.timeout(PATIENCE_MS) })).json();
}

export async function post(path, body = {}) {
  return (await request(path, { method: 'POST', body, signal: AbortSignal.timeout(PATIENCE_MS) })).json();
}

/** Part of a path, whatever is in it. */
export const part = encodeURIComponent;

/** Who we are to the daemon. Without access control everybody who gets here is an operator. */
export async function whoami() {
  try {
    return await get('/whoami');
  } catch (failure) {
    if (failure.status === 404) {
      return { name: 'local', role: 'operator' };
    }
    throw failure;
  }
}
