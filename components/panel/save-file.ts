// Hands a file of the space to the browser to save, as a download. It is never opened here, whatever it says it is.
import type { PanelCall } from '../../lib/messaging/panel.ts';
import type { FileView } from '../../lib/messaging/file-view.ts';
import { contentOf } from '../../lib/view/file-transfer.ts';
import { ok, type Result } from '../../lib/wire/failure.ts';

/** The browser has read it by then. */
const FORGET_AFTER_MS = 60_000;

export async function saveFile(ask: PanelCall, file: FileView): Promise<Result<null>> {
  const content = await contentOf(ask, file, new AbortController().signal);
  if (!content.ok) return content;
  const address = URL.createObjectURL(content.value);
  const link = document.createElement('a');
  link.href = address;
  link.download = file.name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), FORGET_AFTER_MS);
  return ok(null);
}
