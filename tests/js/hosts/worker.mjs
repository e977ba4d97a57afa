// The Worker in which the suites run.
import * as counterfoil from 'counterfoil';
import * as loyalty from 'counterfoil/loyalty';
import * as sealed from 'counterfoil/sealed';
import * as workshop from 'counterfoil/workshop';
import { attemptAttacks } from '../attacks.mjs';
import { answerCorpus } from '../corpus.mjs';
import { tellHistories } from '../histories.mjs';
import { publishCorpus } from '../publishing.mjs';

const suites = {
  corpus: (read) => answerCorpus(counterfoil, read, workshop),
  histories: (read) => tellHistories(counterfoil, loyalty, workshop, read),
  attacks: (read) => attemptAttacks(counterfoil, sealed, read),
  publishing: (read) => publishCorpus(workshop, read),
};

export default {
  async fetch(request, env) {
    const read = async (name) => {
      const response = await env.FILES.fetch(`http://files/${name}`);
      if (!response.ok) throw new Error(await response.text());
      return new Uint8Array(await response.arrayBuffer());
    };
    try {
      return Response.json(await suites[new URL(request.url).pathname.slice(1)](read));
    } catch (error) {
      return new Response(error.stack, { status: 500 });
    }
  },
};
