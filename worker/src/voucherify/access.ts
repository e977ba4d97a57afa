import type { Env } from '../env';
import { sameText } from '../same_text';
import { forbidden, notSetUp, unauthorized } from './failure';
import type { Switch } from './route';

/** A project of VOUCHERIFY_PROJECTS: who may call it, and what pages may do. */
export interface ProjectAccess {
  /** Names the object that keeps the project. Changing it starts an empty project. */
  readonly id: string;
  readonly appId: string;
  readonly appToken: string;
  readonly clientAppId?: string;
  readonly clientToken?: string;
  readonly managementId?: string;
  readonly managementToken?: string;
  /** Origins whose pages may call the client side; `*` for development. */
  readonly origins?: readonly string[];
  /** What pages may do besides validating. */
  readonly clientSide?: readonly Switch[];
}

export type Area = 'server' | 'client' | 'management';

/** What shows which project of an area is called, and that the caller may. */
export const HEADERS: Record<Area, readonly [id: string, token: string]> = {
  server: ['X-App-Id', 'X-App-Token'],
  client: ['X-Client-Application-Id', 'X-Client-Token'],
  management: ['X-Management-Id', 'X-Management-Token'],
};

/** The bases of the covered addresses, and who calls below them. */
export const AREAS: readonly [base: string, area: Area][] = [
  ['/v1', 'server'],
  ['/client/v1', 'client'],
  ['/management/v1', 'management'],
];

export function areaOf(path: string): Area {
  const [, area] = AREAS.find(([base]) => path.startsWith(`${base}/`)) ?? [];
  if (!area) throw new Error(`${path} is below no base`);
  return area;
}

const KEYS = {
  server: ['appId', 'appToken'],
  client: ['clientAppId', 'clientToken'],
  management: ['managementId', 'managementToken'],
} as const;

let parsed: { text: string; projects: readonly ProjectAccess[] } | undefined;

export function projectsOf(env: Env): readonly ProjectAccess[] {
  const text = env.VOUCHERIFY_PROJECTS || '[]';
  if (parsed?.text !== text) parsed = { text, projects: readProjects(text) };
  return parsed.projects;
}

function readProjects(text: string): readonly ProjectAccess[] {
  let projects: unknown;
  try {
    projects = JSON.parse(text);
  } catch {
    throw notSetUp('The secret VOUCHERIFY_PROJECTS is not JSON');
  }
  const whole = (project: unknown): project is ProjectAccess =>
    (['id', 'appId', 'appToken'] as const).every((field) => Boolean((project as Partial<ProjectAccess> | null)?.[field]));
  if (!Array.isArray(projects) || !projects.every(whole)) {
    throw notSetUp('VOUCHERIFY_PROJECTS is a list of projects, each with id, appId and appToken');
  }
  return projects;
}

/** The project whose keys the request shows. */
export async function authenticated(env: Env, headers: Headers, area: Area): Promise<ProjectAccess> {
  const projects = projectsOf(env);
  if (projects.length === 0) throw notSetUp('Set the secret VOUCHERIFY_PROJECTS to the list of projects and their keys');
  const [idHeader, tokenHeader] = HEADERS[area];
  const [idKey, tokenKey] = KEYS[area];
  const id = headers.get(idHeader);
  const token = headers.get(tokenHeader);
  if (!id || !token) throw unauthorized(`Send the headers ${idHeader} and ${tokenHeader}`);
  const project = projects.find((each) => each[idKey] === id);
  const expected = project?.[tokenKey];
  if (!project || !expected || !(await sameText(token, expected))) {
    throw unauthorized(`${idHeader} and ${tokenHeader} are not the keys of a project`);
  }
  return project;
}

/** Pages of other origins are kept out here as well as by their browsers. */
export function fromListedOrigin(origin: string | undefined, { origins = [] }: ProjectAccess): void {
  if (origins.includes('*') || (origin !== undefined && origins.includes(origin))) return;
  throw forbidden(origin === undefined ? 'The request names no origin' : `The origin ${origin} is not on the list of the project`);
}

/** A preflight names no project, so any that lists the origin lets it pass. */
export const isListedAnywhere = (env: Env, origin: string): boolean =>
  projectsOf(env).some(({ origins = [] }) => origins.includes('*') || origins.includes(origin));
