// Why the native port was lost, in words that say what to do, and how long to wait before the next try.
import { BRIDGE_VERSION } from '../wire/bridge.ts';
import type { Failure } from '../wire/failure.ts';
import type { BridgeState } from './native-port.ts';

/** Chromium and Firefox say "no such host" only in English text. */
const NOT_INSTALLED = /host not found|No such native application|is forbidden|permission/i;

const INSTALL = 'Run “commonplace install” in a terminal, then press “Try again”.';

export function classifyLoss(reason: string | null): BridgeState {
  if (reason !== null && NOT_INSTALLED.test(reason)) {
    return { kind: 'not_installed', failure: notInstalled(reason) };
  }
  return { kind: 'retrying', failure: exited(reason) };
}

function notInstalled(reason: string): Failure {
  return {
    code: 'unavailable',
    message: `The program that lets agents reach this browser is not installed (${reason})`,
    remedy: `${INSTALL} Browsers from Snap or Flatpak may not be able to start it.`,
  };
}

function exited(reason: string | null): Failure {
  return {
    code: 'unavailable',
    message: `The program that lets agents reach this browser stopped (${reason ?? 'no reason given'})`,
    remedy: 'It is being started again. If this stays, run “commonplace status” in a terminal.',
  };
}

export function silentHost(): Failure {
  return {
    code: 'timeout',
    message: 'The program that lets agents reach this browser was started but does not answer.',
    remedy: 'It is being started again. If this stays, run “commonplace status” in a terminal.',
  };
}

export function wrongVersion(version: number): Failure {
  return {
    code: 'unsupported_version',
    message: `The agents’ program speaks version ${version}, this extension version ${BRIDGE_VERSION}.`,
    remedy: `Update both. ${INSTALL}`,
  };
}

/** Quick at first, since agents wait for a host that only just went; slow where a person has to act. */
export function retryDelayMs(notInstalledYet: boolean, attempts: number): number {
  return notInstalledYet ? 60_000 : Math.min(100 * 2 ** Math.min(attempts, 10), 30_000);
}
