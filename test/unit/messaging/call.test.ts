import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createPanelCall } from '../../../lib/messaging/call.ts';
import type { PanelMessage } from '../../../lib/messaging/panel.ts';

const NOBODY = new Error('Could not establish connection. Receiving end does not exist.');
const CUT = new Error(
  'A listener indicated an asynchronous response but the message channel closed',
);

/** Answers each message in turn with the next of `answers`: an Error is thrown, anything else is the reply. */
function runtimeThat(...answers: unknown[]) {
  const sent: unknown[] = [];
  const sendMessage = (message: unknown) => {
    sent.push(message);
    const answer = answers.shift();
    return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
  };
  return { sent, call: createPanelCall({ sendMessage }) };
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

async function afterTimers<T>(promise: Promise<T>): Promise<T> {
  await vi.runAllTimersAsync();
  return promise;
}

describe('a command', () => {
  const done = { ok: true, value: null };

  test('goes out as one message', async () => {
    const { sent, call } = runtimeThat(done);
    await afterTimers(call('openSpace', { spaceId: 's' }));
    const message: PanelMessage = { to: 'panel', call: 'openSpace', args: { spaceId: 's' } };
    expect(sent).toEqual([message]);
  });

  test.each([
    ['nobody was there', NOBODY],
    ['no listener took it', undefined],
  ])('is sent once more when %s, whatever it does', async (_why, first) => {
    const { sent, call } = runtimeThat(first, { ok: true, value: { spaceId: 's' } });
    const reply = await afterTimers(call('createSpace', { name: 'a' }));
    expect(reply.ok).toBe(true);
    expect(sent).toHaveLength(2);
  });

  test('that may be repeated is sent once more when the node stopped before it answered', async () => {
    const { sent, call } = runtimeThat(CUT, done);
    expect(await afterTimers(call('openSpace', { spaceId: 's' }))).toEqual(done);
    expect(sent).toHaveLength(2);
  });

  test('that would make a second space is not repeated when the node stopped before it answered', async () => {
    const { sent, call } = runtimeThat(CUT, done);
    const reply = await afterTimers(call('createSpace', { name: 'a' }));
    expect(reply).toMatchObject({ ok: false, failure: { code: 'closed' } });
    expect(sent).toHaveLength(1);
  });

  test('is given up after the second time', async () => {
    const { sent, call } = runtimeThat(NOBODY, NOBODY, done);
    const reply = await afterTimers(call('openSpace', { spaceId: 's' }));
    expect(reply).toMatchObject({ ok: false, failure: { code: 'closed' } });
    expect(sent).toHaveLength(2);
  });

  test('that is never answered ends at its deadline', async () => {
    const call = createPanelCall({ sendMessage: () => new Promise(() => undefined) });
    const reply = await afterTimers(call('joinSpace', { link: 'x' }));
    expect(reply).toMatchObject({ ok: false, failure: { code: 'timeout' } });
  });

  test.each([[null], [7], ['yes'], [{ value: 1 }]])('answered with %j fails', async (answer) => {
    const { call } = runtimeThat(answer);
    expect((await afterTimers(call('openSpace', { spaceId: 's' }))).ok).toBe(false);
  });

  test('fails as a value when the runtime itself throws', async () => {
    const call = createPanelCall({
      sendMessage: () => {
        throw new Error('Extension context invalidated.');
      },
    });
    expect((await afterTimers(call('openSpace', { spaceId: 's' }))).ok).toBe(false);
  });
});
