// When a run is to end: an interrupt, a request to terminate, the terminal going away, or the parent's end.
const PARENT_CHECK_MS = 250;

/** Aborts once; later signals change nothing, since the orderly end is already under way and bounded. */
export function createStopSignal(withParent: boolean): AbortSignal {
  const stop = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(name, () => stop.abort(name));
  }
  if (withParent) {
    const parent = process.ppid;
    const timer = setInterval(() => {
      if (process.ppid === parent) return;
      clearInterval(timer);
      stop.abort('parent');
    }, PARENT_CHECK_MS);
    timer.unref();
  }
  return stop.signal;
}
