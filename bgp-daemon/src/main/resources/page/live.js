/**
 * The stream of events, for as long as the page is open. It is read with fetch because an EventSource cannot send a token. A connection that
 * is silent for longer than the daemon's heartbeat, or ends, is made again; it goes on behind the last event that was seen.
 */
import { request } from './api.js';

const SILENCE_MS = 25_000;
const RETRY_MS = [500, 1000, 2000, 5000];

export class Live {
  /** onLive is called when something arrives, onLost with why nothing does, onEvents is called when something has happened, onRefused with an ApiError that trying again does not mend. */
  constructor({ onLive, onLost, onEvents, onRefused }) {
    this.onLive = onLive;
    this.onLost = onLost;
    this.onEvents = onEvents;
    this.onRefused = onRefused;
    this.lastId = '';
    this.failures = 0;
    this.run = 0;
  }

  /** Connects now, also if it would wait. */
  start() {
    this.stop();
    this.connect(this.run);
  }

  stop() {
    this.run++;
    clearTimeout(this.timer);
    this.abort?.abort();
  }

  async connect(run) {
    this.abort = new AbortController();
    let reason = 'the daemon has ended the connection';
    try {
      const headers = this.lastId ? { 'Last-Event-ID': this.lastId } : {};
      const answer = await request('/events/stream', { headers, signal: this.abort.signal });
      await this.read(answer.body.getReader(), run);
    } catch (failure) {
      if (run === this.run && (failure.status === 401 || failure.status === 403)) {
        this.onRefused(failure);
        return;
      }
      reason = failure.status === undefined ? 'the connection is broken' : failure.message;
    }
    if (run === this.run) {
      this.onLost(reason);
      const wait = RETRY_MS[Math.min(this.failures++, RETRY_MS.length - 1)];
      this.timer = setTimeout(() => this.connect(run), wait);
    }
  }

  async read(reader, run) {
    const decoder = new TextDecoder();
    let text = '';
    for (;;) {
      const silence = setTimeout(() => this.abort.abort(), SILENCE_MS);
      const { done, value } = await reader.read().finally(() => clearTimeout(silence));
      if (done || run !== this.run) {
        return;
      }
      this.failures = 0;
      this.onLive();
      text += decoder.decode(value, { stream: true });
      const blocks = text.split('\n\n');
      text = blocks.pop();
      this.take(blocks);
    }
  }

  take(blocks) {
    let news = false;
    for (const line of blocks.flatMap((block) => block.split('\n'))) {
      if (line.startsWith('id: ')) {
        this.lastId = line.slice(4);
      }
      news ||= line.startsWith('data: ');
    }
    if (news) {
      this.onEvents();
    }
  }
}
