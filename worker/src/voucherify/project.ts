import { Kept } from '../backup/kept';
import { log } from '../log';
import type { Answer, Call, Query } from './call';
import { decide } from './decision';
import type { Work } from './desk';
import { Failure, internalError } from './failure';
import { routeNamed } from './routes';
import { Rows } from './rows';

/** One project of Voucherify's kind: what it keeps, and its calls, one after the other. */
export class VoucherifyProject extends Kept {
  readonly #rows = new Rows(this.ctx.storage);

  /** Nothing else of the project runs until this call is answered, so limits and balances are exact. */
  answer(call: Call): Promise<Answer> {
    return this.ctx.blockConcurrencyWhile(() => this.#answer(call, routeNamed(call.route).does));
  }

  /** JSON text: its offers as a campaign document, and a report of what no document says. */
  async documents(query: Query, now: number): Promise<string> {
    const call = { route: '/admin/voucherify/{project}/document', path: {}, query, body: {}, now, clientSide: false, requestId: '' };
    const { status, body } = await this.ctx.blockConcurrencyWhile(() => this.#answer(call, ({ decide }) => decide('documents')));
    if (status !== 200) throw new Error(`The offers were not told: ${JSON.stringify(body)}`);
    return JSON.stringify(body);
  }

  async #answer(call: Call, does: Work): Promise<Answer> {
    try {
      return await does({
        call,
        rows: this.#rows,
        decide: (endpoint, changed) => decide(this.#rows, endpoint, { ...call, ...changed }),
      });
    } catch (error) {
      // An error that left this object would have it thrown away and started again.
      const failure = error instanceof Failure ? error : internalError();
      if (failure !== error) {
        const stack = error instanceof Error ? error.stack : String(error);
        log('error', 'refused', { path: call.route, status: failure.status, code: String(failure.body['key']), stack });
      }
      return { status: failure.status, body: failure.body };
    }
  }

  /** Nothing of it waits to be done. */
  override async wake(): Promise<void> {}
}
