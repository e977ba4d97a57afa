// The corpus, its histories and the attacks in Node.
import * as counterfoil from 'counterfoil';
import * as loyalty from 'counterfoil/loyalty';
import * as sealed from 'counterfoil/sealed';
import * as workshop from 'counterfoil/workshop';
import { attemptAttacks } from './attacks.mjs';
import { answerCorpus } from './corpus.mjs';
import { tellHistories } from './histories.mjs';
import { read } from './hosts/files.mjs';
import { report } from './hosts/report.mjs';
import { publishCorpus } from './publishing.mjs';

report({
  corpus: await answerCorpus(counterfoil, read, workshop),
  histories: await tellHistories(counterfoil, loyalty, workshop, read),
  attacks: await attemptAttacks(counterfoil, sealed, read),
  publishing: await publishCorpus(workshop, read),
});
