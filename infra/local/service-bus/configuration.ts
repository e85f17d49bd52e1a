/** What one queue or one subscription is declared with. Times are in seconds. */
export interface EntityProperties {
  requiresSession?: boolean;
  duplicateDetectionWindowSeconds?: number;
  lockSeconds?: number;
  maxDeliveryCount?: number;
  timeToLiveSeconds?: number;
  deadLetterOnExpiry?: boolean;
}

export interface TopicProperties {
  duplicateDetectionWindowSeconds?: number;
  subscriptions: Record<string, EntityProperties>;
}

export interface ServiceBusConfig {
  port: number;
  dataDir: string;
  keyName: string;
  key: string;
  entities: { queues: Record<string, EntityProperties>; topics: Record<string, TopicProperties> };
}

/** Properties with the defaults filled in; times are in milliseconds. */
export interface EntityRules {
  requiresSession: boolean;
  duplicateWindowMs: number | undefined;
  lockMs: number;
  maxDeliveryCount: number;
  timeToLiveMs: number | undefined;
  deadLetterOnExpiry: boolean;
}

/** The defaults are those of Service Bus: one minute of lock, ten deliveries, no end of life. */
export function rulesOf(properties: EntityProperties): EntityRules {
  return {
    requiresSession: properties.requiresSession ?? false,
    duplicateWindowMs: inMs(properties.duplicateDetectionWindowSeconds),
    lockMs: (properties.lockSeconds ?? 60) * 1000,
    maxDeliveryCount: properties.maxDeliveryCount ?? 10,
    timeToLiveMs: inMs(properties.timeToLiveSeconds),
    deadLetterOnExpiry: properties.deadLetterOnExpiry ?? false,
  };
}

/** A dead-letter queue has no sessions, no end of life and no end of deliveries: nothing leaves it by itself. */
export function deadLetterRules(owner: EntityRules): EntityRules {
  return {
    requiresSession: false,
    duplicateWindowMs: undefined,
    lockMs: owner.lockMs,
    maxDeliveryCount: Number.POSITIVE_INFINITY,
    timeToLiveMs: undefined,
    deadLetterOnExpiry: false,
  };
}

export function inMs(seconds: number | undefined): number | undefined {
  return seconds === undefined ? undefined : seconds * 1000;
}
