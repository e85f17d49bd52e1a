import { Answers } from '../canaries.ts';

/** What the HTTP API shows; only what the scenarios look at. */
export interface BuildShown {
  id: string;
  version: string;
}

export interface DeploymentShown {
  id: string;
  kind: 'deploy' | 'rollback';
  build: BuildShown;
  from: string | null;
  stage: string;
  stages: { stage: string; at: string }[];
  outcome: string | null;
  why: string;
  approvedBy: string | null;
  liveAt: string | null;
  evidence: { verdict: string; newGroups: { fingerprint: string; title: string; reports: number }[] } | null;
}

export interface LaneShown {
  live: { version: string; build: BuildShown | null; deployment: string | null; liveAt: string } | null;
  previous: { version: string } | null;
  active: { deployment: string; stage: string; build: BuildShown } | null;
  queue: { deployment: string; build: BuildShown }[];
  hold: { by: string; because: string } | null;
}

export interface MarkerShown {
  id: string;
  kind: string;
  version: string;
  liveAt: string;
  deployment: string | null;
}

export interface InputShown {
  state: 'pending' | 'applied' | 'ignored';
  because: string | null;
  deployment: string | null;
}

/** The service's HTTP API with one bearer token. `answers` hears all that it says. */
export interface ServiceApi {
  get<Body>(path: string): Promise<Body>;
  /** The body and headers of any answer that is no error. */
  post(path: string, body: object): Promise<{ status: number; location: string | null }>;
}

export function serviceApi(origin: string, token: string, answers = new Answers()): ServiceApi {
  const ask = async (path: string, init: RequestInit): Promise<Response> => {
    // A connection kept from before the service was killed would fail once more than needed.
    const headers = { authorization: `Bearer ${token}`, connection: 'close', ...init.headers };
    const answer = await fetch(`${origin}${path}`, { ...init, headers, signal: AbortSignal.timeout(10_000) });
    answers.hear(path, await answer.clone().text(), answer.headers);
    if (!answer.ok) throw new Error(`${path} answered ${answer.status}: ${(await answer.text()).slice(0, 300)}`);
    return answer;
  };
  return {
    get: async <Body>(path: string) => (await (await ask(path, {})).json()) as Body,
    async post(path, body) {
      const headers = { 'content-type': 'application/json' };
      const answer = await ask(path, { method: 'POST', headers, body: JSON.stringify(body) });
      await answer.arrayBuffer();
      return { status: answer.status, location: answer.headers.get('location') };
    },
  };
}
