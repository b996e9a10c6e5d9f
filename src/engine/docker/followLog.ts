import type { IncomingMessage } from 'node:http';
import { networkError, toEngineError } from './errors.ts';
import { LogDecoder } from './logFrames.ts';
import type { LogLine, LogSink, LogSubscription } from '../streams.ts';

/** Reads a log until it ends or the subscription is disposed, never faster than the sink takes it. */
export function followLog(stream: IncomingMessage, tty: boolean, where: string, sink: LogSink): LogSubscription {
  const decoder = new LogDecoder(tty);
  let over = false;
  const hand = async (lines: readonly LogLine[]): Promise<void> => {
    if (over) return;
    try {
      // Waiting for nothing would cost a turn of the loop for each chunk.
      const taken = lines.length === 0 ? undefined : sink.lines(lines);
      if (taken !== undefined) await taken;
    } catch (error) {
      throw toEngineError(error);
    }
    if (decoder.fault !== undefined) throw decoder.fault;
  };
  const read = async (): Promise<void> => {
    // An iterated stream is read no further while the loop's body waits.
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      await hand(decoder.push(chunk));
      if (over) return;
    }
    await hand(decoder.end());
  };
  const end = (error: Error | undefined): void => {
    if (over) return;
    over = true;
    stream.destroy();
    sink.ended(error);
  };
  read().then(
    () => end(undefined),
    (error: unknown) => end(networkError(error, where)),
  );
  return {
    dispose: () => {
      over = true;
      stream.destroy();
    },
  };
}
