/** In `Markers`: which backup the tables came from, and how far that got. No lane has this partition: encoded text holds no `!`. */
export const ORIGIN = { partitionKey: '!restored', rowKey: 'restored' } as const;
