// Stands in for the document worker: says who it is, counts and echoes, throws or hangs when told to.
const born = crypto.randomUUID();
let count = 0;

addEventListener('message', ({ ports: [port] }: MessageEvent) => {
  port?.addEventListener('message', ({ data }) => {
    if (data === 'throw') {
      setTimeout(() => {
        throw new Error('thrown on purpose');
      });
    }
    if (data === 'hang') for (;;) count += 1;
    count += 1;
    port.postMessage({ born, count, echo: data });
  });
  port?.start();
});
