export const earliest = (a: Date, b: Date): Date => new Date(Math.min(a.getTime(), b.getTime()));

export const latest = (a: Date, b: Date): Date => new Date(Math.max(a.getTime(), b.getTime()));
