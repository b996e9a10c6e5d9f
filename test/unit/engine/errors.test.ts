import { expect, test } from 'vitest';
import { networkError, snippet } from '../../../src/engine/docker/errors.ts';

const openssl =
  '00:error:0A00045C:SSL routines:ssl3_read_bytes:alert:../deps/openssl/openssl/ssl/record/rec_layer_s3.c:918:\n';
const advice = 'unable to verify; if the root CA is installed locally, try running Node.js with --use-system-ca';

function told(code: string, message: string): string {
  return networkError(Object.assign(new Error(message), { code }), 'GET /version').message;
}

test.each([
  ['ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED', openssl, 'the engine asks for a client certificate'],
  ['ERR_SSL_SSL/TLS_ALERT_BAD_CERTIFICATE', openssl, 'the engine refuses the client certificate'],
  ['ERR_SSL_TLSV1_ALERT_UNKNOWN_CA', openssl, 'the engine refuses the client certificate'],
  ['CERT_HAS_EXPIRED', 'certificate has expired', "the engine's certificate has expired"],
  ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', advice, "this connection does not trust the engine's certificate"],
  ['SELF_SIGNED_CERT_IN_CHAIN', advice, "this connection does not trust the engine's certificate"],
  ['ERR_OSSL_X509_KEY_VALUES_MISMATCH', openssl, 'they do not belong together'],
  ['ERR_SSL_WRONG_VERSION_NUMBER', openssl, 'no TLS connection came about'],
  ['EPROTO', `write EPROTO ${openssl}`, 'no TLS connection came about'],
])('%s is told in words, with its code and without its message', (code, message, words) => {
  expect(told(code, message)).toContain(words);
  expect(told(code, message).endsWith(`(${code})`)).toBe(true);
  expect(told(code, message)).not.toMatch(/routines|system-ca/);
});

test('an error of a socket keeps its message: it has the address in it', () => {
  expect(told('ECONNREFUSED', 'connect ECONNREFUSED 10.0.0.1:2376')).toBe(
    'GET /version: connect ECONNREFUSED 10.0.0.1:2376',
  );
});

test('of what ssh draws around a warning only the words are quoted', () => {
  const frame = '@'.repeat(59);
  const warning = '@    WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED!     @';
  expect(snippet(`${frame}\r\n${warning}\r\n${frame}\r\nIT IS POSSIBLE`)).toBe(
    '@ WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED! @ IT IS POSSIBLE',
  );
});
