// Newline-delimited text from a stream, as MCP's stdio transport wants it. A line that is too long is
// reported once, with its two ends instead of all of it; the stream goes on.
import { StringDecoder } from 'node:string_decoder';

export type Line =
  | { kind: 'line'; text: string }
  /** `start` and `end` are what the line began and ended with. */
  | { kind: 'too_long'; start: string; end: string };

const END_CHARS = 200;

export function createLineReader(maxChars: number): (bytes: Buffer) => Line[] {
  const decoder = new StringDecoder('utf8');
  let parts: string[] = [];
  let size = 0;
  let start = '';
  let end = '';

  function add(text: string): void {
    size += text.length;
    if (start.length < END_CHARS) start += text.slice(0, END_CHARS - start.length);
    end = (end + text.slice(-END_CHARS)).slice(-END_CHARS);
    if (size <= maxChars) parts.push(text);
    else parts = [];
  }

  function finish(): Line[] {
    const line = { text: parts.join(''), start, end, tooLong: size > maxChars };
    [parts, size, start, end] = [[], 0, '', ''];
    if (line.tooLong) return [{ kind: 'too_long', start: line.start, end: line.end }];
    return line.text.trim() === '' ? [] : [{ kind: 'line', text: line.text }];
  }

  return (bytes) => {
    const [first = '', ...rest] = decoder.write(bytes).split('\n');
    const lines: Line[] = [];
    add(first);
    for (const next of rest) {
      lines.push(...finish());
      add(next);
    }
    return lines;
  };
}
