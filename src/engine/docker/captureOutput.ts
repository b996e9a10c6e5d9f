import type { Duplex } from 'node:stream';
import { EngineError } from '../engine.ts';
import { networkError, snippet } from './errors.ts';

const headerLength = 8;
const stdout = 1;
const maxComplaint = 4096;

/**
 * All that a process without a terminal writes, until the connection ends: frames of a stream's number, three zeros, the
 * length as 32 bits big-endian, and the bytes (moby, pkg/stdcopy). Where the process could not be started the engine
 * writes its reason bare: that, and what came on stderr alone, is a `notFound`.
 */
export function captureOutput(connection: Duplex, maxBytes: number, where: string): Promise<Buffer> {
  const { promise, resolve, reject } = Promise.withResolvers<Buffer>();
  const parts: Buffer[] = [];
  let complaint = '';
  let size = 0;
  let rest = Buffer.alloc(0);
  /** Of the frame that is read now. */
  let isOutput = false;
  let left = 0;
  let bare = false;

  const take = (bytes: Buffer): void => {
    if (!isOutput) {
      if (complaint.length < maxComplaint) complaint += bytes.toString();
      return;
    }
    size += bytes.length;
    if (size > maxBytes) fail(new EngineError('protocol', `${where}: it prints more than ${maxBytes} bytes`));
    else parts.push(bytes);
  };
  const fail = (error: EngineError): void => {
    reject(error);
    connection.destroy();
  };
  const read = (chunk: Buffer): void => {
    let bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    while (bytes.length > 0) {
      if (left === 0) {
        if (bytes.length < headerLength && !bare) break;
        bare ||= bytes.readUInt8(0) > 2 || bytes.readUIntBE(1, 3) !== 0;
        isOutput = !bare && bytes.readUInt8(0) === stdout;
        left = bare ? bytes.length : bytes.readUInt32BE(4);
        if (!bare) bytes = bytes.subarray(headerLength);
      }
      const part = bytes.subarray(0, left);
      left -= part.length;
      bytes = bytes.subarray(part.length);
      if (part.length > 0) take(part);
    }
    rest = Buffer.from(bytes);
  };
  const end = (): void => {
    if (bare || (size === 0 && complaint !== '')) {
      const said = snippet(complaint + rest.toString());
      fail(new EngineError('notFound', `${where}: ${said}`));
    } else if (left > 0 || rest.length > 0) {
      fail(new EngineError('unreachable', `${where}: the connection was lost in the middle of the output`));
    } else {
      resolve(Buffer.concat(parts));
    }
  };
  connection.on('data', read);
  connection.once('end', end);
  connection.once('error', (error) => fail(networkError(error, where)));
  connection.once('close', end);
  if (connection.destroyed) end();
  return promise;
}
