// Runs tasks one after another; a failed task does not stop the next.

/** `createMutex()` gives a function that runs its argument when all earlier ones have settled. */
export function createMutex(): <T>(task: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  return (task) => {
    const run = last.then(task, task);
    last = run.catch(() => {});
    return run;
  };
}
