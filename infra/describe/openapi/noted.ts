/**
 * Stands for functions/http/serve.ts and scheme.ts while the description is made: the routes file then notes its routes here instead of
 * registering them, and method, path and right are those of the code.
 */
export interface NotedRoute {
  name: string;
  method: string;
  path: string;
  scheme: NotedScheme;
}

export type NotedScheme = { kind: 'bearer'; right: string } | { kind: 'slack' } | { kind: 'open' };

export const routes: NotedRoute[] = [];

export function serve(name: string, method: string, path: string, scheme: NotedScheme): void {
  routes.push({ name, method, path, scheme });
}

export const Scheme = {
  bearer: (right: string): NotedScheme => ({ kind: 'bearer', right }),
  slack: (): NotedScheme => ({ kind: 'slack' }),
  open: (): NotedScheme => ({ kind: 'open' }),
};
