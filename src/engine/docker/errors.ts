import { EngineError, type EngineErrorKind } from '../engine.ts';
import { filled, isObject } from './json.ts';

/** By the `code` of node's errors: of sockets, of name resolution, of TLS, of the HTTP parser (`HPE_…`). */
const kindOfCode: readonly (readonly [RegExp, EngineErrorKind])[] = [
  [/^(EACCES|EPERM)$/, 'denied'],
  // Our certificate is missing or was refused.
  [/^ERR_SSL_.*ALERT.*(CERTIFICATE|ACCESS_DENIED|UNKNOWN_CA)/, 'denied'],
  // Theirs is not to be believed with the CA that the connection names.
  [
    /^(CERT_|UNABLE_TO_|SELF_SIGNED_|DEPTH_ZERO_|INVALID_CA|ERR_TLS_CERT_|ERR_OSSL_|ERR_SSL_.*(CERTIFICATE|KEY))/,
    'configuration',
  ],
  [/^(HPE_|EPROTO|ERR_SSL_|ERR_HTTP_|ERR_INVALID_)/, 'protocol'],
  [/^ETIMEDOUT$/, 'timeout'],
];

/** An error of a socket or of the HTTP client. What has no better name is `unreachable`. */
export function networkError(error: unknown, where: string): EngineError {
  if (error instanceof EngineError) return error;
  const code = isObject(error) ? filled(error['code']) : undefined;
  const kind = kindOfCode.find(([pattern]) => code !== undefined && pattern.test(code))?.[1] ?? 'unreachable';
  const said = error instanceof Error ? filled(error.message) : undefined;
  return new EngineError(kind, `${where}: ${said ?? code ?? 'the connection broke'}`, { cause: error });
}

/** An answer other than 200. `body` is what came with it, as far as it was read. */
export function statusError(status: number, body: string, where: string): EngineError {
  const message = messageOf(body);
  const told = message ?? filled(snippet(body)) ?? 'no reason given';
  return new EngineError(kindOfStatus(status, message !== undefined, where), `${where}: HTTP ${status}: ${told}`, {
    status,
  });
}

/** A Docker Engine explains itself in JSON; where a page came instead, something else answered. */
function kindOfStatus(status: number, explained: boolean, where: string): EngineErrorKind {
  // Docker's 403 for a change is a rule of its own, not a lack of rights: a network that has endpoints stays, for example.
  if (status === 403 && explained && !where.startsWith('GET ')) return 'conflict';
  if (status === 401 || status === 403 || status === 407) return 'denied';
  if (!explained) return 'protocol';
  if (status === 400) return 'invalid';
  if (status === 404) return 'notFound';
  if (status === 409) return 'conflict';
  return status >= 500 ? 'engine' : 'protocol';
}

function messageOf(body: string): string | undefined {
  try {
    const parsed: unknown = JSON.parse(body);
    return isObject(parsed) ? filled(parsed['message']) : undefined;
  } catch {
    return undefined;
  }
}

/** The beginning of what came, on one line, without control characters. */
export function snippet(body: string): string {
  const line = body
    .slice(0, 400)
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .trim();
  return line.length > 120 ? `${line.slice(0, 120)}…` : line;
}

/** The last net: whatever a method of the port rejects with is an `EngineError`. */
export function toEngineError(error: unknown): EngineError {
  if (error instanceof EngineError) return error;
  const message = error instanceof Error ? error.message : String(error);
  return new EngineError('protocol', `unexpected: ${message}`, { cause: error });
}
