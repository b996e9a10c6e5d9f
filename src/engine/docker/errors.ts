import { EngineError, type EngineErrorKind } from '../engine.ts';
import { filled, isObject } from './json.ts';

interface CodeMeaning {
  readonly code: RegExp;
  readonly kind: EngineErrorKind;
  /** For codes of TLS, in place of the message: that is a line of OpenSSL's with source files in it, or advice for people who start node. */
  readonly words?: string;
}

/** By the `code` of node's errors: of sockets, of name resolution, of TLS, of the HTTP parser (`HPE_…`). The first that fits. */
const meanings: readonly CodeMeaning[] = [
  { code: /^(EACCES|EPERM)$/, kind: 'denied' },
  // Alerts are what the engine says. TLS 1.3 has one for a certificate that was not sent; before, it was a bad one.
  { code: /ALERT_CERTIFICATE_REQUIRED$/, kind: 'denied', words: 'the engine asks for a client certificate' },
  {
    code: /^ERR_SSL_.*ALERT.*(CERTIFICATE|ACCESS_DENIED|UNKNOWN_CA)/,
    kind: 'denied',
    words: 'the engine refuses the client certificate, or the lack of one',
  },
  { code: /^CERT_HAS_EXPIRED$/, kind: 'configuration', words: "the engine's certificate has expired" },
  { code: /^CERT_NOT_YET_VALID$/, kind: 'configuration', words: "the engine's certificate is not valid yet" },
  {
    code: /^ERR_TLS_CERT_ALTNAME_INVALID$/,
    kind: 'configuration',
    words: "the engine's certificate is for other names than the host of the address",
  },
  {
    code: /^(CERT_|UNABLE_TO_|SELF_SIGNED_|DEPTH_ZERO_|INVALID_CA|ERR_TLS_CERT_)/,
    kind: 'configuration',
    words: "this connection does not trust the engine's certificate; its ca.pem may be that of another engine",
  },
  // Our files, as they are read: no PEM, or a key that belongs to another certificate.
  {
    code: /^(ERR_OSSL_|ERR_SSL_.*(CERTIFICATE|KEY))/,
    kind: 'configuration',
    words: 'ca.pem, cert.pem or key.pem cannot be used, or they do not belong together',
  },
  {
    code: /^(EPROTO|ERR_SSL_)/,
    kind: 'protocol',
    words: 'no TLS connection came about; what answers may not speak TLS',
  },
  { code: /^(HPE_|ERR_HTTP_|ERR_INVALID_)/, kind: 'protocol' },
  { code: /^ETIMEDOUT$/, kind: 'timeout' },
];

/** An error of a socket or of the HTTP client. What has no better name is `unreachable`. */
export function networkError(error: unknown, where: string): EngineError {
  if (error instanceof EngineError) return error;
  const code = isObject(error) ? filled(error['code']) : undefined;
  const meaning = meanings.find((one) => code !== undefined && one.code.test(code));
  const said = error instanceof Error ? filled(error.message) : undefined;
  const told = meaning?.words === undefined ? (said ?? code) : `${meaning.words} (${code ?? ''})`;
  return new EngineError(meaning?.kind ?? 'unreachable', `${where}: ${told ?? 'the connection broke'}`, {
    cause: error,
  });
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

/** The beginning of what came, on one line, without control characters and without the frames that ssh draws around a warning. */
export function snippet(body: string): string {
  const line = body
    .slice(0, 400)
    .replace(/^([@*#=-])\1{9,}\s*$/gm, '')
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
