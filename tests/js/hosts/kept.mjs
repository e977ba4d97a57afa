// A Worker of which one request begins a reading that never ends, and others ask for the same.
import { Kept } from '../../../worker/src/kept.ts';

const kept = new Kept(2);

export default {
  async fetch(request) {
    const path = new URL(request.url).pathname;
    const read = () => (path === '/hangs' ? new Promise(() => {}) : Promise.resolve({ from: path }));
    return Response.json(await kept.of('one', read));
  },
};
