// Starts the page of one text.
import { browser } from 'wxt/browser';
import { mount } from '../../components/mount.tsx';
import { TextPage } from '../../components/text/TextPage.tsx';
import { createPanelView } from '../../lib/view/panel-view.ts';
import { createTextView } from '../../lib/view/text-view.ts';

const query = new URLSearchParams(location.search);
const place = {
  spaceId: query.get('space') ?? '',
  artifact: query.get('text') ?? '',
  branch: query.get('copy'),
};
mount(<TextPage view={createTextView(createPanelView(browser.runtime), place)} />);
