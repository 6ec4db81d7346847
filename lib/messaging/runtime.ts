// The few parts of the browser's `runtime` API that panel messaging stands on, as one small shape,
// so that the same code runs on Chrome, on Firefox and in a test that links two ends in memory.

export interface Sender {
  readonly id?: string | undefined;
  readonly url?: string | undefined;
  readonly frameId?: number | undefined;
}

interface Event<L> {
  addListener(listener: L): void;
}

export interface RuntimePort {
  readonly name: string;
  readonly sender?: Sender | undefined;
  readonly onMessage: Event<(message: unknown) => void>;
  readonly onDisconnect: Event<() => void>;
  postMessage(message: unknown): void;
  disconnect(): void;
}

type Reply = (response: unknown) => void;
/** `true` keeps the reply channel open; `undefined` leaves the message to other listeners. */
export type MessageListener = (message: unknown, sender: Sender, reply: Reply) => true | undefined;

/** The node's end. */
export interface ServerRuntime {
  readonly id: string;
  readonly onMessage: Event<MessageListener>;
  readonly onConnect: Event<(port: RuntimePort) => void>;
}

/** A page's end. */
export interface ClientRuntime {
  sendMessage(message: unknown): Promise<unknown>;
  connect(info: { name: string }): RuntimePort;
}
