// Runs a stepped computation without holding up the page. Turns come from a message channel, since hidden tabs
// get no animation frames and throttle timers.

const SLICE_MS = 8;

/** The generator's value, or null if the signal aborted first. */
export async function pace<T>(
  steps: Generator<void, T>,
  signal: AbortSignal,
): Promise<{ value: T } | null> {
  let sliceEnd = performance.now() + SLICE_MS;
  for (;;) {
    if (signal.aborted) return null;
    const step = steps.next();
    if (step.done === true) return { value: step.value };
    if (performance.now() < sliceEnd) continue;
    await turn();
    sliceEnd = performance.now() + SLICE_MS;
  }
}

/** Resolves in a later task, after input and painting had their chance. */
export function turn(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.addEventListener('message', () => {
      port1.close();
      resolve();
    });
    port1.start();
    port2.postMessage(null);
  });
}
