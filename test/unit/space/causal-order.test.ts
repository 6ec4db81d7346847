import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { closureOf, inCausalOrder, type Placed } from '../../../lib/space/causal-order.ts';

/** A history as honest authors write it: each entry names what its author had taken in by then. */
const honest = fc
  .array(fc.record({ author: fc.nat(3), learns: fc.array(fc.nat(3)), at: fc.nat(20) }), {
    maxLength: 40,
  })
  .map((acts) => {
    const seqs = new Map<string, number>();
    return acts.map(({ author: number, learns, at }): Placed => {
      const author = `author-${number}`;
      const after = learns.flatMap((other) => {
        const seq = seqs.get(`author-${other}`) ?? 0;
        return seq === 0 || other === number ? [] : [{ author: `author-${other}`, seq }];
      });
      const seq = (seqs.get(author) ?? 0) + 1;
      seqs.set(author, seq);
      return { author, seq, at, after };
    });
  });

const nameOf = ({ author, seq }: { author: string; seq: number }) => `${author}:${seq}`;

describe('the causal order', () => {
  it('puts every entry after all that it names, so that every prefix is a consistent cut', () => {
    fc.assert(
      fc.property(honest, (items) => {
        const before = new Set<string>();
        for (const item of inCausalOrder(items)) {
          if (item.seq > 1) expect(before).toContain(nameOf({ ...item, seq: item.seq - 1 }));
          for (const point of item.after) expect(before).toContain(nameOf(point));
          before.add(nameOf(item));
        }
        expect(before.size).toBe(items.length);
      }),
    );
  });

  it('is the same whatever came first', () => {
    const shuffled = honest.chain((items) =>
      fc.tuple(fc.constant(items), fc.shuffledSubarray(items, { minLength: items.length })),
    );
    fc.assert(
      fc.property(shuffled, ([items, mixed]) => {
        expect(inCausalOrder(mixed).map(nameOf)).toEqual(inCausalOrder(items).map(nameOf));
      }),
    );
  });

  it('holds nobody up who names what is not here, or the future of each other', () => {
    const one = { author: 'a', seq: 1, at: 1, after: [{ author: 'b', seq: 1 }] };
    const two = { author: 'b', seq: 1, at: 2, after: [{ author: 'a', seq: 1 }] };
    const lost = { author: 'c', seq: 1, at: 3, after: [{ author: 'd', seq: 9 }] };
    expect(inCausalOrder([two, lost, one]).map(nameOf)).toEqual(['c:1', 'a:1', 'b:1']);
  });
});

describe('the closure of a cut', () => {
  it('contains all that its entries name, and no more than some closed cut does', () => {
    fc.assert(
      fc.property(honest, fc.array(fc.nat(40), { maxLength: 4 }), (items, seqs) => {
        const cut = new Map(seqs.map((seq, i) => [`author-${i}`, seq]));
        const closed = closureOf(cut, items);
        for (const { author, seq, after } of items) {
          if (seq > (closed.get(author) ?? 0)) continue;
          for (const point of after)
            expect(closed.get(point.author)).toBeGreaterThanOrEqual(point.seq);
        }
        expect(closureOf(closed, items)).toEqual(closed);
        // The least one: taking any author's last entry away breaks it or the cut.
        for (const [author, seq] of closed) {
          if (seq <= (cut.get(author) ?? 0)) continue;
          const less = new Map(closed).set(author, seq - 1);
          expect(closureOf(less, items).get(author)).toBe(seq);
        }
      }),
    );
  });
});
