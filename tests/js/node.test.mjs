// The corpus and the attacks in Node.
import * as counterfoil from 'counterfoil';
import * as sealed from 'counterfoil/sealed';
import * as workshop from 'counterfoil/workshop';
import { attemptAttacks } from './attacks.mjs';
import { answerCorpus } from './corpus.mjs';
import { read } from './hosts/files.mjs';
import { report } from './hosts/report.mjs';
import { publishCorpus } from './publishing.mjs';

report({
  corpus: await answerCorpus(counterfoil, read, workshop),
  attacks: await attemptAttacks(counterfoil, sealed, read),
  publishing: await publishCorpus(workshop, read),
});
