/** The different values among many, in order: one, where all agree. */
export const settled = (values: readonly string[]): string[] => [...new Set(values)].sort();
