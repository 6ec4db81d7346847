// Knowing that another context of this extension has ended. A MessagePort does not tell, but a Web Lock does:
// the browser frees it when its holder's context is gone, however it went.

/** Holds a lock of a new name for as long as this context lives; settles with the name once it is held. */
export async function holdLife(): Promise<string> {
  const name = `commonplace/life/${crypto.randomUUID()}`;
  await new Promise<void>((held) => {
    void navigator.locks.request(name, () => {
      held();
      return new Promise(() => {});
    });
  });
  return name;
}

/** Calls back when the holder is gone; not after `signal` aborts. */
export async function onLifeEnd(
  name: string,
  signal: AbortSignal,
  callback: () => void,
): Promise<void> {
  try {
    await navigator.locks.request(name, { signal }, () => {});
  } catch {
    // The only refusal is that of an aborted signal.
    return;
  }
  if (!signal.aborted) callback();
}
