// What the channel suite checks with. Plain throws instead of an assertion library: it also runs inside a page.
import type { Channel } from '../../lib/transport/channel.ts';
import { unwrap } from '../../lib/wire/failure.ts';

export function pattern(length: number, seed: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(length);
  for (let i = 0; i < length; i++) bytes[i] = (i * 31 + seed * 17 + (i >> 8)) & 0xff;
  return bytes;
}

export function collect(channel: Channel): Uint8Array[] {
  const received: Uint8Array[] = [];
  channel.receive((message) => void received.push(message.slice()));
  return received;
}

export function rolling(channel: Channel) {
  const firsts: number[] = [];
  const state = { messages: 0, bytes: 0, bad: (seed: number) => wrong(seed) };
  channel.receive((message) => {
    state.messages += 1;
    state.bytes += message.length;
    firsts.push(checksum(message));
  });
  function wrong(seed: number): number {
    return firsts.filter((sum, i) => sum !== checksum(pattern(256 * 1024, seed + i))).length;
  }
  return state;
}

export function checksum(bytes: Uint8Array): number {
  let sum = 0;
  for (const byte of bytes) sum = (Math.imul(sum, 31) + byte) | 0;
  return sum;
}

export async function sendOk(channel: Channel, message: Uint8Array): Promise<void> {
  unwrap(await channel.send(message));
}

export function nextTask(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 0));
}

/** Polls until the value has stayed the same for a while. */
export async function restsAt(value: () => number): Promise<void> {
  let last = value();
  for (let rests = 0; rests < 30;) {
    await new Promise((resolve) => setTimeout(resolve, 10));
    rests = value() === last ? rests + 1 : 0;
    last = value();
  }
}

export async function until(condition: () => boolean, deadlineMs = 20_000): Promise<void> {
  const end = performance.now() + deadlineMs;
  while (!condition()) {
    if (performance.now() > end)
      throw new Error(`not within ${deadlineMs} ms: ${condition.toString()}`);
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}

export async function within<T>(promise: Promise<T>, deadlineMs = 20_000): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`not within ${deadlineMs} ms`)), deadlineMs);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

export function ok(condition: boolean, message: string): void {
  if (!condition) throw new Error(message);
}

export function equal(actual: unknown, expected: unknown): void {
  ok(actual === expected, `expected ${String(expected)}, got ${String(actual)}`);
}

export function same(actual: Uint8Array | undefined, expected: Uint8Array): void {
  if (!actual) throw new Error('expected bytes, got nothing');
  equal(actual.length, expected.length);
  const at = actual.findIndex((byte, i) => byte !== expected[i]);
  ok(at === -1, `byte ${at} of ${expected.length} differs`);
}
