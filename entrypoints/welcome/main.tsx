// Starts the page that opens after installation.
import { browser } from 'wxt/browser';
import { mount } from '../../components/mount.tsx';
import { Welcome } from '../../components/pages/Welcome.tsx';
import { prepareSidePanel } from '../../lib/messaging/side-panel.ts';
import { createPanelView } from '../../lib/view/panel-view.ts';

const view = createPanelView(browser.runtime);
const openPanel = await prepareSidePanel();
mount(<Welcome view={view} onOpenPanel={openPanel} />);
