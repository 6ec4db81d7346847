// One at a time: a queue whose tasks run in order, each after the one before it has settled.

export type Turns = <T>(task: () => Promise<T>) => Promise<T>;

export function createTurns(): Turns {
  let last: Promise<unknown> = Promise.resolve();
  return (task) => {
    const mine = last.then(task);
    last = mine.then(
      () => undefined,
      () => undefined,
    );
    return mine;
  };
}
