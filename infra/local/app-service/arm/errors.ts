import type { Answer } from '../call.ts';
import type { Refusal } from '../state.ts';

/** An error of Azure Resource Manager itself: who you are, what you may, what there is, how much you ask. */
export const armError = (status: number, code: string, message: string, headers?: Record<string, string>): Answer => ({
  status,
  ...(headers === undefined ? {} : { headers }),
  body: { error: { code, message } },
});

/** An error of the App Service resource provider: a shape of its own, which the SDK does not read. */
export const providerError = ({ status, code, message, extendedCode }: Refusal): Answer => ({
  status,
  body: {
    Code: code,
    Message: message,
    Target: null,
    Details: [
      { Message: message },
      { Code: code },
      {
        ErrorEntity: {
          ...(extendedCode === undefined
            ? {}
            : { ExtendedCode: extendedCode, MessageTemplate: message, Parameters: [] }),
          Code: code,
          Message: message,
        },
      },
    ],
    Innererror: null,
  },
});
