import { type Call, jsonOf } from '../call.ts';
import type { Publish } from '../slots/publish.ts';

const FETCH_LIMIT_MS = 90_000;

/** A publish as one of Kudu's two ways asks for it; `isAsync`: answered before it is done. */
export interface PublishRequest {
  publish: Publish;
  isAsync: boolean;
  /** The caller is told the deployment's id at once. */
  isTracked: boolean;
}

/**
 * Reads a publish. `/api/zipdeploy` lets its caller name deployer, author and message; `/api/publish` (OneDeploy) does not,
 * and takes types other than zip, which are refused here. The body is the zip, or JSON that says where to fetch it.
 */
export function readPublish(call: Call): PublishRequest | { bad: string } {
  const query = call.url.searchParams;
  const isOneDeploy = call.url.pathname.toLowerCase() === '/api/publish';
  const type = query.get('type') ?? (isOneDeploy ? '' : 'zip');
  if (type !== 'zip') return { bad: `type '${type}' cannot be published here; only zip can` };
  const zip = zipOf(call);
  if (zip === undefined) return { bad: 'the body is neither a package nor JSON with a packageUri' };
  const asked = (name: string, otherwise: string): string => (isOneDeploy ? otherwise : (query.get(name) ?? otherwise));
  return {
    publish: {
      zip,
      author: asked('author', 'N/A'),
      authorEmail: asked('authorEmail', 'N/A'),
      deployer: asked('deployer', isOneDeploy ? 'OneDeploy' : 'ZipDeploy'),
      message: asked('message', isOneDeploy ? 'OneDeploy' : 'Created via a push deployment'),
      clean: query.get('clean') !== 'false',
    },
    isAsync: query.get(isOneDeploy ? 'async' : 'isAsync') === 'true',
    isTracked: query.get('trackDeploymentProgress') === 'true',
  };
}

function zipOf(call: Call): (() => Promise<Uint8Array>) | undefined {
  if (!/^application\/json\b/i.test(call.headers['content-type'] ?? ''))
    return call.body.length === 0 ? undefined : async () => call.body;
  const uri = jsonOf(call)?.packageUri;
  return typeof uri === 'string' && URL.canParse(uri) ? () => fetchPackage(uri) : undefined;
}

/** Kudu fetches the package itself. The address is a secret (its query may be a signature), so errors do not repeat it. */
async function fetchPackage(uri: string): Promise<Uint8Array> {
  const answer = await fetch(uri, { signal: AbortSignal.timeout(FETCH_LIMIT_MS) }).catch((cause: unknown) => {
    throw new Error('the package could not be fetched', { cause });
  });
  if (!answer.ok) throw new Error(`the package could not be fetched: ${answer.status} ${answer.statusText}`);
  return new Uint8Array(await answer.arrayBuffer());
}
