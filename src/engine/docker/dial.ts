import { Duplex } from 'node:stream';
import { IncomingMessage } from 'node:http';
import type Docker from 'dockerode';
import { EngineError } from '../engine.ts';
import { toEngineError } from './errors.ts';
import type { DialRequest, Modem } from './modem.ts';

/** A request for which dockerode has no method, or one that asks for another kind of answer. */
export function dial(docker: Docker, request: DialRequest): Promise<unknown> {
  const modem = docker.modem as Modem;
  return new Promise((resolve, reject) => {
    modem.dial(request, (error, answer) => {
      if (error === null) resolve(answer);
      else reject(toEngineError(error));
    });
  });
}

/** Settles with the headers of the answer. */
export async function dialStream(docker: Docker, request: DialRequest): Promise<IncomingMessage> {
  const answer = await dial(docker, { ...request, isStream: true });
  if (answer instanceof IncomingMessage) return answer;
  throw new EngineError('protocol', `${request.method} ${request.path}: no stream`);
}

/** Settles with the connection, which carries raw bytes in both directions from then on. */
export async function dialDuplex(docker: Docker, request: DialRequest): Promise<Duplex> {
  const answer = await dial(docker, { ...request, isStream: true, hijack: true });
  if (answer instanceof Duplex) return answer;
  throw new EngineError('protocol', `${request.method} ${request.path}: no connection`);
}
