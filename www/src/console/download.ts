import type { Desk } from './view';
import { number } from './words';
import { worker } from './worker';

/** Hands a file to the browser. */
export function saveAs(name: string, blob: Blob): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

/** Saves a file of the worker, telling how much has come. */
export async function download(desk: Desk, name: string, query: Record<string, string | number | undefined>): Promise<void> {
  const blob = await worker.file(`/${name}`, query, (bytes) => desk.doing(`${name}: ${number(Math.ceil(bytes / 1024))} KiB so far …`));
  saveAs(name, blob);
  desk.say(`${name} is saved: ${number(Math.ceil(blob.size / 1024))} KiB.`);
}
