/** What became of an input, as the API tells its sender. */
export interface InputSeen {
  state: 'pending' | 'applied' | 'ignored';
  because: string | null;
  deployment: string | null;
}

/** The service as somebody with a token sees it. */
export interface ServiceView {
  input(id: string): Promise<InputSeen>;
  /** Sends a build event over HTTP; the address under which its outcome can be read. */
  postBuild(event: object): Promise<string>;
  get(path: string): Promise<unknown>;
  /** Counts errors now; on Azure a timer does it each minute. */
  fold(): Promise<void>;
}

/** `hear` is given every answer as it came. */
export function askService(
  origin: string,
  token: string,
  hear: (path: string, text: string, headers: Headers) => void = () => {},
): ServiceView {
  const authorization = `Bearer ${token}`;
  const ask = async (path: string, body?: object): Promise<Response> => {
    const answer = await fetch(`${origin}${path}`, {
      headers: { authorization, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
      ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(10_000),
    });
    hear(path, await answer.clone().text(), answer.headers);
    if (!answer.ok) throw new Error(`${path} answered ${answer.status}: ${(await answer.text()).slice(0, 300)}`);
    return answer;
  };
  return {
    input: async (id) => (await (await ask(`/api/v1/inputs/${encodeURIComponent(id)}`)).json()) as InputSeen,
    async postBuild(event) {
      const answer = await ask('/api/v1/builds', event);
      const location = answer.headers.get('location');
      if (location === null) throw new Error(`the build was answered ${answer.status} without a Location`);
      return location;
    },
    get: async (path) => (await ask(path)).json(),
    async fold() {
      await ask('/admin/functions/fold', {});
    },
  };
}
