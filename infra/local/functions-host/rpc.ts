/**
 * The shapes that pass between host and library, as `@azure/functions` 4.16 reads and writes them. In the cloud they
 * travel over gRPC; here they are plain objects in one process.
 */

import type { RpcTraceContext } from './trace-context.ts';

/** One value with exactly one field set; the field says how the library turns it into a JavaScript value. */
export interface RpcTypedData {
  string?: string;
  json?: string;
  bytes?: Uint8Array;
  int?: number;
  double?: number;
  http?: RpcHttpRequest | RpcHttpResponse;
  collectionString?: { string: string[] };
  collectionBytes?: { bytes: Uint8Array[] };
  collectionSint64?: { sint64: unknown[] };
}

type Nullable<T> = Record<string, { value: T }>;

export interface RpcHttpRequest {
  method: string;
  url: string;
  body?: { bytes: Uint8Array };
  nullableHeaders: Nullable<string>;
  nullableQuery: Nullable<string>;
  nullableParams: Nullable<string>;
}

export interface RpcCookie {
  name: string;
  value: string;
  domain?: { value: string } | null;
  path?: { value: string } | null;
  expires?: { value: { seconds: number } } | null;
  secure?: { value: boolean } | null;
  httpOnly?: { value: boolean } | null;
  sameSite?: 'none' | 'lax' | 'strict' | 'explicitNone';
  maxAge?: { value: number } | null;
}

export interface RpcHttpResponse {
  statusCode: string;
  headers: Record<string, string>;
  cookies?: RpcCookie[];
  body?: { bytes?: Uint8Array } | null;
}

export interface Binding {
  type: string;
  direction: 'in' | 'out' | 'inout';
  [option: string]: unknown;
}

export interface FunctionMetadata {
  name: string;
  functionId?: string;
  bindings: Record<string, Binding>;
  retryOptions?: unknown;
}

export type Callback = (...inputs: unknown[]) => unknown;

export interface RegisteredFunction {
  metadata: FunctionMetadata;
  callback: Callback;
}

export interface InvocationInput {
  inputData: { name: string; data: RpcTypedData }[];
  triggerMetadata: Record<string, RpcTypedData>;
  /** Absent: the invocation begins a trace. */
  traceContext?: RpcTraceContext;
}

export interface InvocationResponse {
  invocationId: string;
  returnValue?: RpcTypedData | null;
  outputData?: { name: string; data: RpcTypedData }[];
}

export type Level = 'trace' | 'debug' | 'information' | 'warning' | 'error' | 'critical' | 'none';
export type Category = 'user' | 'system' | 'customMetric';

/** What the library gets for one invocation. `state` drives its warning about a log call after the end. */
export interface CoreContext {
  invocationId: string;
  metadata: FunctionMetadata;
  request: InvocationInput & { invocationId: string; functionId: string };
  state?: 'preInvocationHooks' | 'invocation' | 'postInvocationHooks';
  log(level: Level, category: Category, message: string): void;
}

export interface InvocationModel {
  getArguments(): Promise<{ context: object; inputs: unknown[] }>;
  invokeFunction(context: object, inputs: unknown[], handler: Callback): Promise<unknown>;
  getResponse(context: object, result: unknown): Promise<InvocationResponse>;
}

export interface ProgrammingModel {
  name: string;
  version: string;
  getInvocationModel(context: CoreContext): InvocationModel;
  getCapabilities(defaults: Record<string, string>): Promise<Record<string, string>>;
}
