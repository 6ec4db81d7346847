// Newline-delimited text from a stream, as MCP's stdio transport wants it. A line that is too long is
// dropped to its end and reported once; the stream goes on.
import { StringDecoder } from 'node:string_decoder';

export type Line = { kind: 'line'; text: string } | { kind: 'too_long' };

export function createLineReader(maxChars: number): (bytes: Buffer) => Line[] {
  const decoder = new StringDecoder('utf8');
  let parts: string[] = [];
  let size = 0;

  function finish(end: string): Line[] {
    const text = size > maxChars ? '' : parts.join('') + end;
    const tooLong = size + end.length > maxChars;
    parts = [];
    size = 0;
    if (tooLong) return [{ kind: 'too_long' }];
    return text.trim() === '' ? [] : [{ kind: 'line', text }];
  }

  return (bytes) => {
    const [first = '', ...rest] = decoder.write(bytes).split('\n');
    const lines: Line[] = [];
    let current = first;
    for (const next of rest) {
      lines.push(...finish(current));
      current = next;
    }
    size += current.length;
    if (size <= maxChars) parts.push(current);
    else parts = [];
    return lines;
  };
}
