import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { FromWebview } from '../../../src/protocol/messages.ts';
import { Channel, type News } from '../../../src/webview/channel.ts';

describe('the webview’s side of the channel', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  function make(): { channel: Channel; sent: FromWebview[]; news: News[] } {
    const sent: FromWebview[] = [];
    const news: News[] = [];
    const channel = new Channel({
      post: (message) => sent.push(message),
      receive: (one) => news.push(one),
      noAnswer: () => 'no answer',
    });
    return { channel, sent, news };
  }

  it('gives each question its own answer, in whatever order they come', async () => {
    const { channel, sent } = make();
    const first = channel.ask('detail', { id: 'a' });
    const second = channel.ask('reveal', { id: 'b' });
    expect(sent).toEqual([
      { type: 'ask', id: 1, name: 'detail', value: { id: 'a' } },
      { type: 'ask', id: 2, name: 'reveal', value: { id: 'b' } },
    ]);
    channel.take({ type: 'answer', id: 2, value: true });
    channel.take({ type: 'answer', id: 1, value: undefined });
    expect(await second).toBe(true);
    expect(await first).toBeUndefined();
    expect(vi.getTimerCount()).toBe(0);
  });

  it('rejects with the words of a refusal', async () => {
    const { channel } = make();
    const asked = channel.ask('save', { format: 'svg', content: '' });
    channel.take({ type: 'rejection', id: 1, message: 'too large' });
    await expect(asked).rejects.toThrow('too large');
  });

  it('rejects after 30 seconds without an answer, and a late one does no harm', async () => {
    const { channel } = make();
    const asked = channel.ask('detail', { id: 'a' });
    const outcome = expect(asked).rejects.toThrow('no answer');
    await vi.advanceTimersByTimeAsync(30_000);
    await outcome;
    channel.take({ type: 'answer', id: 1, value: undefined });
  });

  it('has more patience with what waits for a person', async () => {
    const { channel } = make();
    const asked = channel.ask('exportText', { format: 'dot', to: 'file' });
    await vi.advanceTimersByTimeAsync(600_000);
    channel.take({ type: 'answer', id: 1, value: 'file.dot' });
    expect(await asked).toBe('file.dot');
  });

  it('rejects where the message cannot be posted', async () => {
    const channel = new Channel({
      post: () => {
        throw new Error('cannot be cloned');
      },
      receive: () => undefined,
      noAnswer: () => '',
    });
    await expect(channel.ask('detail', { id: 'a' })).rejects.toThrow('cannot be cloned');
    expect(vi.getTimerCount()).toBe(0);
  });

  it('passes on what is news', () => {
    const { channel, news, sent } = make();
    channel.take({ type: 'select', id: 'a' });
    expect(news).toEqual([{ type: 'select', id: 'a' }]);
    channel.tell({ type: 'ready' });
    expect(sent).toEqual([{ type: 'ready' }]);
  });
});
