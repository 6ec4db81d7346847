// The person's own devices: which there are, how another is added, how one is removed.
import type { PanelCall } from '../../lib/messaging/panel.ts';
import type { DevicesView, DeviceView } from '../../lib/messaging/panel-state.ts';
import { agentsOfDevice, deviceWhereabouts } from '../../lib/view/device-words.ts';
import { exactTime } from '../../lib/view/words.ts';
import { AddDevice } from './AddDevice.tsx';
import { RemoveDevice } from './RemoveDevice.tsx';

export interface OwnDevicesProps {
  readonly devices: DevicesView;
  readonly now: number;
  readonly ask: PanelCall;
}

export function OwnDevices({ devices, now, ask }: OwnDevicesProps) {
  const { list, isRemoved } = devices;
  const current = list.filter(({ removedAt }) => removedAt === null);
  const former = list.filter(({ removedAt }) => removedAt !== null);
  return (
    <section class="step">
      <h2>Your devices</h2>
      <p>
        Each browser that you use Commonplace in is a device of its own. All of them are you, and
        are in all of your spaces.
      </p>
      <ul class="stack">
        {current.map((device) => (
          <Row key={device.id} device={device} now={now}>
            {!device.isThisBrowser && !isRemoved && (
              <RemoveDevice device={device} hasPhrase={devices.hasPhrase} ask={ask} />
            )}
          </Row>
        ))}
        {former.map((device) => (
          <Row key={device.id} device={device} now={now} />
        ))}
      </ul>
      {!isRemoved && <AddDevice devices={devices} now={now} ask={ask} />}
    </section>
  );
}

interface RowProps {
  readonly device: DeviceView;
  readonly now: number;
  readonly children?: preact.ComponentChildren;
}

function Row({ device, now, children }: RowProps) {
  const agents = agentsOfDevice(device);
  return (
    <li class="stack">
      <div>
        <bdi>{device.label || 'A device'}</bdi>{' '}
        <span class="quiet" title={exactTime(device.removedAt ?? device.addedAt)}>
          {deviceWhereabouts(device, now)}
        </span>
      </div>
      {agents !== null && <div class="quiet">{agents}</div>}
      {device.waitingIn.length > 0 && (
        <div class="quiet">Not done yet in: {device.waitingIn.join(', ')}.</div>
      )}
      {children}
    </li>
  );
}
