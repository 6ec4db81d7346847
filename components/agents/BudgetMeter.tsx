// How much of a permission is used, held for calls under way, and left. The bar shows the limit that runs out first;
// the words say both.
import type { GrantView } from '../../lib/messaging/panel-state.ts';
import { leftOf, scarcest } from '../../lib/view/readings.ts';
import { grantWords } from '../../lib/view/words.ts';

export interface BudgetMeterProps {
  readonly grant: GrantView;
  readonly now: number;
}

export function BudgetMeter({ grant, now }: BudgetMeterProps) {
  const meter = grant[scarcest(grant.reads, grant.writes)];
  const share = (part: number) => ({
    inlineSize: `${meter.limit === 0 ? 0 : (100 * Math.min(part, meter.limit)) / meter.limit}%`,
  });
  return (
    <div>
      <div class="meter" aria-hidden="true">
        <span class="used" style={share(meter.used)} />
        <span class="reserved" style={share(meter.reserved)} />
        <span class="left" style={share(leftOf(meter))} />
      </div>
      <p>{grantWords(grant, now)}</p>
    </div>
  );
}
