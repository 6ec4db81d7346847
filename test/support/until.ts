// Waits for a condition by looking again each turn of the event loop; fails loudly when it never comes true.

export async function until(condition: () => boolean, deadlineMs = 20_000): Promise<void> {
  const end = Date.now() + deadlineMs;
  while (!condition()) {
    if (Date.now() > end) throw new Error(`Waited ${deadlineMs} ms for: ${condition.toString()}`);
    await new Promise((resolve) => setImmediate(resolve));
  }
}
