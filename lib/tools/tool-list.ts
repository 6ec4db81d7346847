// Every tool there is, in the order in which agents see them.
import { annotate } from './annotate.ts';
import { authority } from './authority-tool.ts';
import { pageClick, pageFill, pagePress, pageSelect } from './page-acting.ts';
import { pageFind, pageRead, pageSnapshot, pageWait } from './page-reading.ts';
import { spaceList } from './space-list.ts';
import { pageNavigate, tabEnd, tabOpen, tabsList } from './tab-tools.ts';
import type { Tool } from './tool.ts';

export const TOOLS: readonly Tool[] = [
  tabsList,
  tabOpen,
  tabEnd,
  pageSnapshot,
  pageFind,
  pageRead,
  pageClick,
  pageFill,
  pageSelect,
  pagePress,
  pageNavigate,
  pageWait,
  annotate,
  spaceList,
  authority,
];
