// Starts the options page.
import { browser } from 'wxt/browser';
import { mount } from '../../components/mount.tsx';
import { Options } from '../../components/pages/Options.tsx';
import { createPanelView } from '../../lib/view/panel-view.ts';

mount(<Options view={createPanelView(browser.runtime)} />);
