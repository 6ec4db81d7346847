// Seeded prose for anchoring tests: words with the letter frequencies and lengths of English, and small edits.

const LETTERS =
  'eeeeeeeeeeeetttttttttaaaaaaaaooooooooiiiiiiinnnnnnnsssssshhhhhhrrrrrrddddlllcccuuummmwwffggyyppbbvk';

export function random(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** A language of 2,000 words that every seed shares, so that pages have words in common as real ones do. */
const VOCABULARY = words(99, 2_000);

function words(seed: number, count: number): string[] {
  const draw = random(seed);
  return Array.from({ length: count }, () => {
    const length = 1 + Math.floor((draw() + draw()) * 5);
    return Array.from({ length }, () => LETTERS[Math.floor(draw() * LETTERS.length)]).join('');
  });
}

/** `count` words, the frequent ones much more frequent. */
export function prose(seed: number, count: number): string {
  const draw = random(seed);
  return Array.from(
    { length: count },
    () => VOCABULARY[Math.floor(draw() ** 3 * VOCABULARY.length)] ?? 'the',
  ).join(' ');
}

/** Inserts, deletes or replaces `edits` single letters. */
export function edit(text: string, edits: number, seed: number): string {
  const draw = random(seed);
  let edited = text;
  for (let n = 0; n < edits; n++) {
    const at = Math.floor(draw() * edited.length);
    const letter = LETTERS[Math.floor(draw() * LETTERS.length)] ?? 'e';
    const [put, drop] = [
      ['', 1],
      [letter, 0],
      [letter, 1],
    ][Math.floor(draw() * 3)] ?? ['', 0];
    edited = edited.slice(0, at) + put + edited.slice(at + Number(drop));
  }
  return edited;
}
