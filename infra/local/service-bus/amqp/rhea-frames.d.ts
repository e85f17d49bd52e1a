/** Parts of rhea that it uses inside and does not declare. */
declare module 'rhea/lib/frames.js' {
  const frames: {
    disposition(fields: { role: boolean; first: number; last: number; settled: boolean; state: unknown }): object;
  };
  export default frames;
}

declare module 'rhea/lib/terminus.js' {
  const terminus: { unwrap(described: unknown): { address?: string; filter?: Record<string, unknown> } | null };
  export default terminus;
}
