import { runtime } from '../runtime.ts';
import type { Handler } from './answer.ts';

/** Says only ok or not. */
export const getHealth: Handler<null> = async () => {
  try {
    const { appsReadable } = await runtime.health();
    return said(appsReadable);
  } catch {
    return said(false);
  }
};

const said = (ok: boolean) => ({ status: ok ? 200 : 503, body: ok ? 'ok\n' : 'not ok\n' });
