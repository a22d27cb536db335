/** Asks the server for something; rejects with what it says is wrong. */
async function post(path, body, type) {
  const response = await fetch(path, { method: 'POST', headers: { 'content-type': type }, body });
  if (response.ok) return;
  const { error } = await response.json().catch(() => ({ error: `status ${response.status}` }));
  throw new Error(error);
}

export function sayClip(order) {
  return post('/api/clips', JSON.stringify(order), 'application/json');
}

/** A recording or a file, as a voice message of this person. */
export function sayRecording(speaker, blob) {
  return post(`/api/voices?${new URLSearchParams(speaker)}`, blob, 'application/octet-stream');
}

export function writeText(order) {
  return post('/api/texts', JSON.stringify(order), 'application/json');
}

export function cutNetwork(isCut) {
  return post('/api/network', JSON.stringify({ isCut }), 'application/json');
}

/** Follows the server's events; the browser comes back by itself and is told everything anew. */
export function follow(store) {
  const events = new EventSource('/api/events');
  events.addEventListener('message', ({ data }) => store.take(JSON.parse(data)));
  events.addEventListener('error', () => store.connectionLost());
}
