// The corpus and the attacks in Node.
import * as counterfoil from 'counterfoil';
import { attemptAttacks } from './attacks.mjs';
import { answerCorpus } from './corpus.mjs';
import { read } from './hosts/files.mjs';
import { report } from './hosts/report.mjs';

report({ corpus: await answerCorpus(counterfoil, read), attacks: await attemptAttacks(counterfoil, read) });
