// A bad connection: passes everything on to the platform, and cuts the assistant's streams after every few frames, as often as asked.

import { createServer, request } from 'node:http';

export class CuttingProxy {
  cuts = 0;
  #left = 0;
  #frames = 1;
  #server;

  constructor(url) {
    this.target = new URL(url);
  }

  async open() {
    this.#server = createServer((asked, answer) => this.#pass(asked, answer));
    await new Promise((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return `http://localhost:${this.#server.address().port}`;
  }

  close() {
    this.#server.closeAllConnections();
    this.#server.close();
  }

  /** Cut that many times from now on, each time after `frames` frames. */
  cut(times, frames) {
    this.#left = times;
    this.#frames = frames;
    this.cuts = 0;
  }

  /** The platform sees its own address: it answers no other one. */
  #pass(asked, answer) {
    const { host, origin } = this.target;
    const headers = { ...asked.headers, host, ...(asked.headers.origin && { origin }) };
    const ahead = request({ ...where(this.target), method: asked.method, path: asked.url, headers }, (back) => {
      answer.writeHead(back.statusCode, back.headers);
      if (asked.url.startsWith('/chat') && isStream(back)) this.#relay(back, answer);
      else back.pipe(answer);
    });
    ahead.on('error', () => answer.destroy());
    answer.on('close', () => ahead.destroy());
    asked.pipe(ahead);
  }

  #relay(back, answer) {
    let frames = 0;
    let text = '';
    back.setEncoding('utf8');
    back.on('data', (piece) => {
      text += piece;
      for (let end = text.indexOf('\n\n'); end >= 0 && !answer.destroyed; end = text.indexOf('\n\n')) {
        answer.write(text.slice(0, end + 2));
        text = text.slice(end + 2);
        frames += 1;
        if (this.#left > 0 && frames >= this.#frames) this.#hangUp(answer);
      }
    });
    back.on('end', () => answer.end());
    back.on('error', () => answer.destroy());
  }

  /** What was written is let out first, then the line goes dead in the middle of the body. */
  #hangUp(answer) {
    this.#left -= 1;
    this.cuts += 1;
    answer.write('', () => answer.destroy());
  }
}

const isStream = (back) => (back.headers['content-type'] ?? '').startsWith('text/event-stream');
const where = ({ port }) => ({ host: '127.0.0.1', port });
