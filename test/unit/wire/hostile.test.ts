// Inputs that fuzzing found to hang a decoder, make it throw, or be taken in two spellings.
import { describe, expect, it } from 'vitest';
import { pageAddress, parseAnnotatorRequest } from '../../../lib/wire/annotator.ts';
import { createPieceJoiner, FromAgent, readWords } from '../../../lib/wire/bridge.ts';
import { toBase64Url } from '../../../lib/wire/bytes.ts';
import { decodeCbor, encodeCbor } from '../../../lib/wire/cbor.ts';
import { decodeHeader } from '../../../lib/wire/entry.ts';
import { parseInviteLink } from '../../../lib/wire/invite.ts';
import { parsePageRequest } from '../../../lib/wire/page.ts';
import { decodeSyncMessage } from '../../../lib/wire/sync-message.ts';

const malformed = { ok: false, failure: { code: 'malformed' } };
/** Has a length, which nothing can compare with a number. */
const UNREADABLE = { length: { toString: 1, valueOf: 1 } };

describe('a decoder', () => {
  it('takes twenty thousand campaign tags off an address and leaves the rest', () => {
    const tags = Array.from({ length: 20_000 }, (_, i) => `utm_${i}=1`).join('&');
    expect(pageAddress(`https://example.org/?a=1&${tags}&b=2`)).toBe(
      'https://example.org/?a=1&b=2',
    );
    expect(pageAddress(`https://example.org/?${tags}`)).toBe('https://example.org/');
  });

  it('refuses an object that cannot be looked at in the place of a text', () => {
    expect(
      parseAnnotatorRequest({ to: 'node', type: 'annotations.open', url: UNREADABLE }),
    ).toBeNull();
    const answer = { kind: 'answer', did: UNREADABLE, publicKey: '', name: '', signature: '' };
    expect(readWords(FromAgent, answer)).toMatchObject(malformed);
    expect(parsePageRequest({ op: 'press', key: UNREADABLE })).toMatchObject({
      failure: { code: 'bad_arguments' },
    });
  });

  it('refuses an entry whose version is an object without a text of its own', () => {
    const header = encodeCbor([{ toString: 1, valueOf: 1 }]);
    expect(decodeHeader(header)).toMatchObject({ failure: { code: 'unsupported_version' } });
  });

  it('refuses a sync message with a part too many', () => {
    const close = [9, new Uint8Array(32)];
    expect(decodeSyncMessage(encodeCbor(close)).ok).toBe(true);
    expect(decodeSyncMessage(encodeCbor([...close, 0]))).toMatchObject(malformed);
  });

  it('refuses numbers that JavaScript cannot count with', () => {
    const beyond = Uint8Array.of(0x1b, 0, 0x20, 0, 0, 0, 0, 0, 0);
    expect(decodeCbor(beyond, 100)).toMatchObject(malformed);
    expect(decodeCbor(encodeCbor(Number.MAX_SAFE_INTEGER), 100)).toMatchObject({ ok: true });
  });

  it('refuses a link of a megabyte', () => {
    const link = `https://example.org/join#${toBase64Url(new Uint8Array(1_000_000))}`;
    expect(parseInviteLink(link)).toMatchObject(malformed);
  });

  it('refuses pieces of nothing, which would be without end', () => {
    const join = createPieceJoiner();
    expect(join({ text: '', more: true })).toMatchObject(malformed);
    expect(createPieceJoiner()({ text: '', more: false })).toEqual({ ok: true, value: '' });
  });

  it('says in few words what is wrong, whatever was sent', () => {
    const names = Array.from({ length: 2_000 }, (_, i) => [`name_${i}`, i] as const);
    const read = parsePageRequest({ op: 'probe', ...Object.fromEntries(names) });
    expect(read.ok ? 0 : read.failure.message.length).toBeLessThan(1_000);
  });
});
