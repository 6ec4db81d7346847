// Starts the side panel.
import { browser } from 'wxt/browser';
import { mount } from '../../components/mount.tsx';
import { SidePanel } from '../../components/panel/SidePanel.tsx';
import { followCurrentTab } from '../../lib/messaging/current-tab.ts';
import { createPanelView } from '../../lib/view/panel-view.ts';

const view = createPanelView(browser.runtime);
followCurrentTab((tab) => view.lookAtPage(tab?.url ?? null, tab?.tabId ?? null));
mount(<SidePanel view={view} />);
