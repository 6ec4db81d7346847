// The files that this panel is adding: one after another, each until it is in the space or its failure was seen.
import { useRef, useState } from 'preact/hooks';
import type { PanelCall } from '../../lib/messaging/panel.ts';
import { addFile } from '../../lib/view/file-transfer.ts';
import type { Failure } from '../../lib/wire/failure.ts';

export interface Upload {
  readonly id: number;
  readonly name: string;
  /** Of 100. */
  readonly percent: number;
  readonly failure: Failure | null;
  /** Stops it, or puts its failure away. */
  readonly dismiss: () => void;
}

export interface Uploads {
  readonly list: readonly Upload[];
  readonly add: (files: readonly File[]) => void;
}

export function useUploads(ask: PanelCall, spaceId: string): Uploads {
  const [list, setList] = useState<readonly Upload[]>([]);
  const last = useRef<Promise<unknown>>(Promise.resolve());
  const nextId = useRef(1);
  const change = (id: number, changes: Partial<Upload>) =>
    setList((before) => before.map((one) => (one.id === id ? { ...one, ...changes } : one)));
  const drop = (id: number) => setList((before) => before.filter((one) => one.id !== id));

  const addOne = (file: File) => {
    const id = nextId.current++;
    const stop = new AbortController();
    const dismiss = () => {
      stop.abort();
      drop(id);
    };
    setList((before) => [...before, { id, name: file.name, percent: 0, failure: null, dismiss }]);
    const onProgress = (percent: number) => change(id, { percent });
    last.current = last.current.then(async () => {
      const added = await addFile(ask, spaceId, file, { signal: stop.signal, onProgress });
      if (added.ok || stop.signal.aborted) drop(id);
      else change(id, { failure: added.failure });
    });
  };
  return { list, add: (files) => files.forEach(addOne) };
}
