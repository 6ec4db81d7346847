import { describe, expect, it } from 'vitest';
import { createAuthority } from '../../../lib/authority/authority.ts';
import { ok } from '../../../lib/wire/failure.ts';
import {
  agent,
  call,
  codeOf,
  createBench,
  draft,
  heldRun,
  SITE,
} from '../../support/authority-bench.ts';

const claude = agent();

async function allowed(over: Parameters<typeof draft>[0] = {}) {
  return createBench({ preauthorised: draft(over) });
}

describe('stop', () => {
  it('aborts what runs, refuses what comes, returns the tabs and is in the log', async () => {
    const { authority, ledger, released } = await allowed();
    const held = heldRun();
    const answer = authority.gate.call(call({ run: held.run }));
    const permit = await held.begun;
    const stopped = authority.stop(claude.did);
    expect(permit.signal.aborted).toBe(true);
    expect(permit.allows(SITE).ok).toBe(false);
    expect(codeOf(await answer)).toBe('stopped');
    expect(codeOf(await authority.gate.call(call()))).toBe('stopped');
    expect(await stopped).toEqual(ok(null));
    expect(released).toEqual([claude.did]);
    expect(ledger.events.some(({ kind }) => kind === 'revoke')).toBe(true);
    expect(authority.agents()[0]?.status).toBe('stopped');
  });

  it('does not run, or charge, a call whose cost was being set aside', async () => {
    const { authority, ledger } = await allowed();
    await authority.gate.call(call());
    let ran = false;
    const run = () => {
      ran = true;
      return Promise.resolve(ok('done'));
    };
    const stops: Promise<unknown>[] = [];
    ledger.onWritten = ({ kind }) => {
      if (kind === 'reserve') stops.push(authority.stop(claude.did));
    };
    const answer = authority.gate.call(call({ run }));
    expect(codeOf(await answer)).toBe('stopped');
    expect(ran).toBe(false);
    await Promise.all(stops);
    expect(stops).toHaveLength(1);
    expect(authority.agents()[0]?.grant).toMatchObject({
      used: { writes: 1 },
      reserved: { writes: 0 },
    });
  });

  it('holds after a restart, and even when the log cannot take it', async () => {
    const { authority, ledger, options } = await allowed();
    await authority.gate.call(call());
    ledger.weather = 'full';
    expect(codeOf(await authority.stop(claude.did))).toBe('storage_full');
    expect(codeOf(await authority.gate.call(call()))).toBe('stopped');
    expect(codeOf(await authority.stop(claude.did))).toBe('ok');
    const next = await createAuthority({ ...options, ledger: ledger.reborn() });
    expect(codeOf(await next.gate.call(call()))).toBe('stopped');
  });

  it('stops no other agent', async () => {
    const { authority } = await allowed();
    const codex = agent('Codex');
    await authority.gate.call(call());
    await authority.gate.call(call({ agent: codex }));
    await authority.stop(claude.did);
    expect(codeOf(await authority.gate.call(call({ agent: codex })))).toBe('ok');
  });

  it('is undone by resume with what was left, to the same end', async () => {
    const { authority } = await allowed({ writes: 3 });
    await authority.gate.call(call());
    const end = authority.agents()[0]?.grant?.expiresAt;
    await authority.stop(claude.did);
    expect(await authority.resume(claude.did)).toEqual(ok(null));
    expect(authority.agents()[0]).toMatchObject({
      status: 'active',
      grant: { left: { writes: 2 }, expiresAt: end },
    });
    expect(codeOf(await authority.resume(claude.did))).toBe('conflict');
  });

  it('is undone by a new permission', async () => {
    const { authority } = await allowed();
    await authority.gate.call(call());
    await authority.stop(claude.did);
    expect(await authority.change(claude.did, draft({ writes: 1 }))).toEqual(ok(null));
    expect(codeOf(await authority.gate.call(call()))).toBe('ok');
    expect(codeOf(await authority.gate.call(call()))).toBe('budget_exhausted');
  });

  it('of an unknown agent says so', async () => {
    const { authority } = await allowed();
    expect(codeOf(await authority.stop('did:key:z6MkNobody'))).toBe('not_found');
  });
});

describe('changing a permission', () => {
  it('refuses a pattern that is none, and changes nothing', async () => {
    const { authority, ledger } = await allowed();
    await authority.gate.call(call());
    const before = ledger.events.length;
    const answer = await authority.change(claude.did, draft({ origins: ['https://*'] }));
    expect(codeOf(answer)).toBe('bad_arguments');
    expect(ledger.events).toHaveLength(before);
  });

  it('counts for a call that is already running', async () => {
    const { authority } = await allowed();
    const held = heldRun();
    const answer = authority.gate.call(call({ run: held.run }));
    const permit = await held.begun;
    expect(permit.allows(SITE).ok).toBe(true);
    await authority.change(claude.did, draft({ origins: ['https://other.example'] }));
    expect(permit.allows(SITE).ok).toBe(false);
    held.finish();
    await answer;
  });
});
