// A bridge's home for each test of a file, and what was opened on it, closed in turn when the test is over.
import { afterEach, beforeEach, vi } from 'vitest';
import {
  makeAgent,
  makeHome,
  openBrowser,
  removeHome,
  testTools,
  until,
  type AgentOptions,
  type TestBrowser,
  type TestTools,
} from './bridge.ts';

export interface BridgeStage {
  /** A directory of this test's own. A test may move it elsewhere below itself. */
  home: string;
  /** What every browser of this test serves. */
  tools: TestTools;
  /** Closed after the test, the last one first. */
  closeLater(close: () => unknown): void;
  browser(): TestBrowser;
  /** Settles when its host is connected. */
  runningBrowser(): Promise<TestBrowser>;
  /** Not connected yet. */
  agent(options?: AgentOptions): ReturnType<typeof makeAgent>;
}

/** To be called once, at the top of a test file. */
export function stageBridge(): BridgeStage {
  // Every test starts processes, on machines that may be busy.
  vi.setConfig({ testTimeout: 30_000 });
  const closers: (() => unknown)[] = [];
  let made = '';
  const stage: BridgeStage = {
    home: '',
    tools: testTools(),
    closeLater: (close) => void closers.push(close),
    browser() {
      const browser = openBrowser(stage.home, stage.tools);
      closers.push(() => browser.close());
      return browser;
    },
    async runningBrowser() {
      const browser = stage.browser();
      await until('the host is connected', () => browser.agents.view().bridge.kind === 'connected');
      return browser;
    },
    agent(options) {
      const agent = makeAgent(stage.home, options);
      closers.push(() => agent.client.close());
      return agent;
    },
  };
  beforeEach(async () => {
    made = await makeHome();
    Object.assign(stage, { home: made, tools: testTools() });
  });
  afterEach(async () => {
    for (const close of closers.splice(0).toReversed()) await close();
    await removeHome(made);
  });
  return stage;
}
