// Starts the page behind an invite link; the fragment of its address is the invite.
import { browser } from 'wxt/browser';
import { mount } from '../../components/mount.tsx';
import { Join } from '../../components/pages/Join.tsx';
import { closeOwnTab } from '../../lib/messaging/own-tab.ts';
import { prepareSidePanel } from '../../lib/messaging/side-panel.ts';
import { createPanelView } from '../../lib/view/panel-view.ts';

const view = createPanelView(browser.runtime);
const openPanel = await prepareSidePanel();
const show = () =>
  mount(
    <Join
      key={location.href}
      view={view}
      link={location.href}
      onOpenPanel={openPanel}
      onLeave={() => void closeOwnTab()}
    />,
  );
addEventListener('hashchange', show);
show();
