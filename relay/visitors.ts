// Who comes from where: connections and their rate per address, so that one network cannot use up the relay.
import type { IncomingMessage } from 'node:http';
import { isIPv6 } from 'node:net';
import type { RelayLimits } from './limits.ts';
import { createTokenBucket, type TokenBucket } from './token-bucket.ts';

export interface Visitor {
  /** Takes one of the hourly allowance. */
  mayCreateSpace(): boolean;
  /** The connection has ended. Once only. */
  leave(): void;
}

export interface Visitors {
  /** Null when too many come from there, or too fast. */
  enter(address: string): Visitor | null;
}

interface Network {
  connections: number;
  readonly arrivals: TokenBucket;
  readonly newSpaces: TokenBucket;
}

/** Above this, networks that are gone and have nothing to be remembered for are forgotten. */
const MANY_NETWORKS = 10_000;

export function createVisitors(limits: RelayLimits): Visitors {
  const networks = new Map<string, Network>();
  let forgetAbove = MANY_NETWORKS;

  function networkOf(address: string): Network {
    const key = networkKey(address);
    const network = networks.get(key) ?? newNetwork(limits);
    networks.set(key, network);
    if (networks.size > forgetAbove) {
      forget(networks);
      forgetAbove = Math.max(MANY_NETWORKS, networks.size * 2);
    }
    return network;
  }

  return {
    enter(address) {
      const network = networkOf(address);
      if (network.connections >= limits.maxConnectionsPerAddress) return null;
      if (!network.arrivals.take()) return null;
      network.connections += 1;
      return {
        mayCreateSpace: () => network.newSpaces.take(),
        leave: () => {
          network.connections -= 1;
        },
      };
    },
  };
}

/**
 * The client's address. Behind a reverse proxy it is the last one that the proxy put into `X-Forwarded-For`;
 * without one that header is the client's own invention.
 */
export function addressOf(request: IncomingMessage, isBehindProxy: boolean): string {
  const forwarded = request.headers['x-forwarded-for'];
  if (isBehindProxy && typeof forwarded === 'string') {
    return forwarded.split(',').at(-1)?.trim().slice(0, 64) ?? '';
  }
  return request.socket.remoteAddress ?? '';
}

/** One customer usually has a whole IPv6 /64, so that is what counts. */
function networkKey(address: string): string {
  if (!isIPv6(address) || address.startsWith('::ffff:')) return address;
  const [left = '', right] = address.split('::');
  const head = left === '' ? [] : left.split(':');
  const tail = right === undefined || right === '' ? [] : right.split(':');
  const zeros = right === undefined ? 0 : 8 - head.length - tail.length;
  return [...head, ...Array.from({ length: zeros }, () => '0'), ...tail].slice(0, 4).join(':');
}

function newNetwork(limits: RelayLimits): Network {
  return {
    connections: 0,
    arrivals: createTokenBucket({
      perSecond: limits.connectionsPerSecondPerAddress,
      capacity: limits.connectionsPerSecondPerAddress * limits.burstSeconds,
    }),
    newSpaces: createTokenBucket({
      perSecond: limits.newSpacesPerHourPerAddress / 3600,
      capacity: limits.newSpacesPerHourPerAddress,
    }),
  };
}

function forget(networks: Map<string, Network>): void {
  for (const [key, network] of networks) {
    const isIdle = network.connections === 0 && network.arrivals.isFull();
    if (isIdle && network.newSpaces.isFull()) networks.delete(key);
  }
}
