// Starts the page that looks back at a space; the fragment of its address is the space's id.
import { browser } from 'wxt/browser';
import { mount } from '../../components/mount.tsx';
import { LookBack } from '../../components/past/LookBack.tsx';
import { createPanelCall } from '../../lib/messaging/call.ts';

const ask = createPanelCall(browser.runtime);
const show = () => {
  const spaceId = location.hash.slice(1);
  mount(<LookBack key={spaceId} ask={ask} spaceId={spaceId} now={Date.now()} />);
};
addEventListener('hashchange', show);
show();
