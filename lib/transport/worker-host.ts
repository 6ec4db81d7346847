// Starts and ends the one document worker of a backstage.

export interface WorkerHost {
  /** Ends the worker that runs, if any, and gives `port` to a fresh one. */
  start(port: MessagePort): void;
  stop(): void;
}

export function createWorkerHost(
  createWorker: () => Worker,
  onError: (message: string) => void,
): WorkerHost {
  let worker: Worker | null = null;

  function stop(): void {
    worker?.terminate();
    worker = null;
  }

  return {
    start(port) {
      stop();
      const started = createWorker();
      worker = started;
      started.addEventListener('error', (event) => {
        if (worker === started) onError(event.message || 'The worker could not be loaded.');
      });
      started.postMessage({ kind: 'port' }, [port]);
    },
    stop,
  };
}
