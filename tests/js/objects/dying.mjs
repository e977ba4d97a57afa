// The worker, with customers that die as soon as a book has answered them, once for each command: before they have kept what
// follows from the answer.
import worker, { Customer as Real } from '../../../worker/src/index.ts';

export { Book, Catalogue, Publications, Records, Redemption, Session, VoucherifyProject } from '../../../worker/src/index.ts';

const answered = new Set();

/** Objects as they are found by name, each of whose answers to a command is heard first by `hear`. */
function heardBy(books, hear) {
  const getByName = (name) => {
    const book = books.getByName(name);
    const carryOut = async (...asked) => {
      const told = await book.carryOut(...asked);
      hear(asked[1].key);
      return told;
    };
    return new Proxy(book, { get: (stub, member) => (member === 'carryOut' ? carryOut : (...asked) => stub[member](...asked)) });
  };
  return { getByName };
}

export class Customer extends Real {
  constructor(ctx, env) {
    const die = (key) => {
      if (answered.has(key)) return;
      answered.add(key);
      ctx.abort(`died after ${key} was answered`);
    };
    super(ctx, { ...env, BOOKS: heardBy(env.BOOKS, die) });
  }
}

export default {
  fetch(request, env, context) {
    const { pathname } = new URL(request.url);
    return pathname === '/died' ? Response.json([...answered]) : worker.fetch(request, env, context);
  },
};
