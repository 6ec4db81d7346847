import { describe, expect, it } from 'vitest';
import { signerOfPhrase } from '../../../lib/identity/person.ts';
import { readCertificate } from '../../../lib/identity/certificate.ts';
import {
  createProfile,
  forgetPhrase,
  loadProfile,
  readPhrase,
  renameProfile,
} from '../../../lib/node/profile.ts';
import { createMemoryRecordStore } from '../../../lib/store/memory-store.ts';
import { unwrap } from '../../../lib/wire/failure.ts';

describe('the profile of a browser', () => {
  it('is nobody until a person says their name', async () => {
    expect(await loadProfile(createMemoryRecordStore())).toBeNull();
  });

  it('comes back after a restart with the device that the person certified', async () => {
    const records = createMemoryRecordStore();
    const made = unwrap(await createProfile(records, 'Ada', 1));
    const loaded = await loadProfile(records);
    expect(loaded).toMatchObject({ person: made.person, name: 'Ada' });
    const certificate = unwrap(await readCertificate(loaded?.certificate ?? new Uint8Array()));
    expect(certificate).toMatchObject({ person: made.person, device: loaded?.signer.did });
  });

  it('is not changed by a second attempt to make one', async () => {
    const records = createMemoryRecordStore();
    const made = unwrap(await createProfile(records, 'Ada', 1));
    expect(await createProfile(records, 'Eve', 2)).toMatchObject({
      ok: false,
      failure: { code: 'conflict' },
    });
    const loaded = await loadProfile(records);
    expect(loaded).toMatchObject({ name: 'Ada', person: made.person });
    expect(loaded?.signer.did).toBe(made.signer.did);
  });

  it('keeps everything but the name when renamed', async () => {
    const records = createMemoryRecordStore();
    const made = unwrap(await createProfile(records, 'Ada', 1));
    await renameProfile(records, made, 'Ada L.');
    expect(await loadProfile(records)).toMatchObject({ name: 'Ada L.', person: made.person });
  });

  it('shows its phrase until that is written down, and the phrase makes the same person again', async () => {
    const records = createMemoryRecordStore();
    const made = unwrap(await createProfile(records, 'Ada', 1));
    const phrase = (await readPhrase(records)) ?? '';
    expect(unwrap(await signerOfPhrase(phrase)).did).toBe(made.person);
    await forgetPhrase(records);
    expect(await readPhrase(records)).toBeNull();
    expect(await loadProfile(records)).toMatchObject({ person: made.person, name: 'Ada' });
  });
});
