// Permission in the side panel: asked for, given, refused, ended.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Page } from 'puppeteer-core';
import type { PanelState } from '../../../lib/messaging/panel-state.ts';
import { READ_TOOLS } from '../../../lib/view/permission-draft.ts';
import { startPanelHost } from '../../support/panel-host.ts';
import type { PanelHost } from '../../support/panel-host.ts';
import { pairing, refused, typical, unbegun } from '../../support/panel-states.ts';
import { fieldValue, press, waitForText } from './looking.ts';

let host: PanelHost;
let page: Page;

beforeAll(async () => {
  host = await startPanelHost();
});
afterAll(() => host.close());
beforeEach(async () => {
  await host.setReplies({});
  await page?.close();
});

async function show(state: PanelState): Promise<void> {
  await host.setState(state);
  page = await host.open('sidepanel.html');
  await page.setViewport({ width: 360, height: 900 });
  await page.waitForSelector('h1, h2');
}

const ALLOW = '.asking .button.primary';
const armed = () => page.waitForSelector(`${ALLOW}:not(:disabled)`);

describe('a request', () => {
  test('says who asks and from where', async () => {
    await show(pairing);
    await waitForText(page, 'Claude Code asks to work in this browser');
    await waitForText(page, 'claude-code 2.1.0');
  });

  test('is not allowed by a press that came as it appeared', async () => {
    await show(pairing);
    const disabled = await page.$eval(ALLOW, (button) => button.matches(':disabled'));
    expect(disabled).toBe(true);
    await armed();
  });

  test('takes the focus from nobody', async () => {
    await show(typical);
    await page.focus('.space-button');
    await host.setState(pairing);
    await page.waitForSelector('.asking');
    expect(await page.evaluate(() => document.activeElement?.className)).toBe('space-button');
  });

  test('is never allowed by Enter, whatever has the focus', async () => {
    await show(pairing);
    await armed();
    for (const place of await page.$$('.asking input:not(:disabled), .asking .button.primary')) {
      await place.focus();
      await page.keyboard.press('Enter');
    }
    await press(page, 'Deny');
    await expect
      .poll(() => host.calls())
      .toEqual([{ call: 'decidePairing', args: { id: 'p1', allow: false } }]);
  });

  test('allowed by the space bar gives just what the form says', async () => {
    await show(pairing);
    await (await armed())?.focus();
    await page.keyboard.press('Space');
    await expect
      .poll(() => host.calls())
      .toEqual([
        {
          call: 'decidePairing',
          args: {
            id: 'p1',
            allow: true,
            grant: {
              origins: ['https://example.org'],
              tools: [...READ_TOOLS],
              spaces: ['space-1'],
              reads: 200,
              writes: 0,
              minutes: 60,
            },
          },
        },
      ]);
  });

  test('stays about the site it was asked on when another tab comes to the front', async () => {
    await show(pairing);
    await armed();
    await host.setState({
      ...pairing,
      page: {
        url: 'https://bank.example/',
        title: 'Bank',
        tabId: 2,
        annotations: [],
        annotationTotal: 0,
      },
    });
    await waitForText(page, 'Nothing is marked here yet');
    await press(page, 'Allow');
    await expect
      .poll(() => host.calls())
      .toMatchObject([{ args: { grant: { origins: ['https://example.org'] } } }]);
  });

  test('with a site that is none is not sent, and the form says which', async () => {
    await show(pairing);
    await armed();
    await page.type('.asking textarea', 'javascript:alert(1)');
    await press(page, 'Allow');
    await waitForText(page, 'is not a site');
    expect(await host.calls()).toEqual([]);
  });

  test('does not move when a second one comes', async () => {
    await show(pairing);
    const button = await armed();
    const before = await button?.boundingBox();
    const [first] = pairing.pairing;
    if (first === undefined) throw new Error('expected a request in the sample');
    await host.setState({
      ...pairing,
      pairing: [first, { ...first, id: 'p2', agentName: 'Codex' }],
    });
    await waitForText(page, 'Codex asks');
    expect(await button?.boundingBox()).toEqual(before);
  });
});

describe('an agent', () => {
  test('has a Stop with its name, at its row and at the foot while it works', async () => {
    await show(typical);
    const stops = await page.$$('::-p-aria([name="Stop Claude Code"][role="button"])');
    expect(stops).toHaveLength(2);
    await stops[0]?.click();
    await expect.poll(() => host.calls()).toMatchObject([{ call: 'stopAgent' }]);
  });

  test('says how much is left and for how long', async () => {
    await show(typical);
    await waitForText(page, '129 of 200 reads left, 18 of 20 writes left');
    await waitForText(page, 'min left');
  });

  test('that was stopped says so, and may be given permission again', async () => {
    await show(refused);
    await waitForText(page, 'Stopped. It can do nothing');
    await press(page, 'Give permission');
    await page.waitForSelector('.agent-item .button.primary:not(:disabled)');
    await press(page, 'Save permission');
    await expect.poll(() => host.calls()).toMatchObject([{ call: 'changeGrant' }]);
  });
});

test('the panel shows how an agent is started for this very browser', async () => {
  const agentCommand = ['/opt/node', "/home/ada's/commonplace.mjs", 'mcp'];
  await show({ ...typical, bridge: { ...typical.bridge, agentCommand } });
  await press(page, 'Connect an agent');
  expect(await fieldValue(page, 'Claude Code')).toBe(
    String.raw`claude mcp add commonplace -- /opt/node '/home/ada'\''s/commonplace.mjs' mcp`,
  );
  const server = await fieldValue(page, 'For any agent that speaks MCP, add this server');
  expect(JSON.parse(server)).toEqual({
    mcpServers: { commonplace: { command: '/opt/node', args: agentCommand.slice(1) } },
  });
});

test('without the bridge the panel says how to install it', async () => {
  await show({ ...typical, agents: [], bridge: unbegun.bridge });
  await waitForText(page, 'not installed yet');
  expect(await fieldValue(page, 'Install it from a terminal')).toBe('commonplace install');
});
