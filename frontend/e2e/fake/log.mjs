// One answer of the fake assistant: an append-only list of chunks that can be read while it is being written.

import { setTimeout as pause } from 'node:timers/promises';

export class Log {
  role = 'assistant';
  active = true;
  cancelled = false;
  frames = [];
  #waiting = new Set();

  constructor(id, thread) {
    this.id = id;
    this.thread = thread;
  }

  async write(script) {
    this.#append({ type: 'start', messageId: this.id, messageMetadata: { conversation_id: this.thread.id } });
    for (const { pause: ms, chunk } of script) {
      if (ms) await pause(ms);
      if (this.cancelled) break;
      this.#append(chunk);
    }
    this.#end();
  }

  #end() {
    if (this.cancelled) this.#append({ type: 'data-run', id: 'run', data: { state: 'cancelled' } });
    this.active = false;
    if (this.frames.at(-1).type === 'error') return this.#wakeReaders();
    this.#append({ type: this.cancelled ? 'abort' : 'finish' });
  }

  #append(chunk) {
    this.frames.push(chunk);
    this.#wakeReaders();
  }

  #wakeReaders() {
    for (const wake of this.#waiting) wake();
    this.#waiting.clear();
  }

  /** The chunk at a place, waited for while the answer is being written; undefined once there will be none. */
  async at(place) {
    while (place >= this.frames.length && this.active) await new Promise((wake) => this.#waiting.add(wake));
    return this.frames[place];
  }

  /** As history shows it: deltas joined. */
  compacted() {
    const out = [];
    for (const frame of this.frames) {
      const last = out.at(-1);
      if (frame.type === 'text-delta' && last?.type === 'text-delta') last.delta += frame.delta;
      else out.push({ ...frame });
    }
    return out;
  }
}
