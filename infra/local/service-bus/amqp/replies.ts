import type { AmqpConnection, AmqpSender } from './rhea-internals.ts';

export interface Request {
  body: unknown;
  message_id?: string | number | Buffer;
  reply_to?: string;
  application_properties?: Record<string, unknown>;
}

export interface Reply {
  correlation_id?: Request['message_id'];
  application_properties: Record<string, unknown>;
  body: unknown;
}

/**
 * Sends a reply on the link of the same connection that the request names: by its target address, or by its name, as the
 * links to $cbs do, whose target is empty. A requester that has gone meanwhile gets nothing.
 */
export function reply(connection: AmqpConnection, request: Request, answer: Omit<Reply, 'correlation_id'>): void {
  const sender = connection.find_sender((link) => link.is_open() && isNamed(link, request.reply_to));
  sender?.send({ correlation_id: request.message_id, ...answer });
}

function isNamed(link: AmqpSender, replyTo: string | undefined): boolean {
  return replyTo !== undefined && (link.name === replyTo || link.target?.address === replyTo);
}
