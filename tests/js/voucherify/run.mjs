// `node run.mjs DIR`: every case of a folder against the worker on workerd, each in a project of its own.
import { readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import process, { argv } from 'node:process';
import { failuresOf } from './case.mjs';
import { keysOf, projectAt, startProjects } from './project.mjs';

const folder = argv[2];
const names = (await readdir(folder)).filter((name) => name.endsWith('.json')).sort();
const cases = await Promise.all(names.map(async (name) => ({ name, given: JSON.parse(await readFile(join(folder, name), 'utf8')) })));
const projects = cases.map((_, index) => keysOf(`case-${index + 1}`));

const worker = await startProjects(projects);
let failed = 0;
try {
  for (const [index, { name, given }] of cases.entries()) {
    const project = projectAt(worker.url, projects[index]);
    const found = await failuresOf(project, given).catch((error) => [error.message]);
    if (found.length === 0) continue;
    failed += 1;
    console.log(`${given.id ?? basename(name, '.json')}: ${found.slice(0, 8).join('; ').replaceAll('\n', ' ')}`);
  }
} finally {
  await worker.stop();
}
console.log(`\n${cases.length - failed} passed, ${failed} failed`);
process.exitCode = failed > 0 || cases.length === 0 ? 1 : 0;
