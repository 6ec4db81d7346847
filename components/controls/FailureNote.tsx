// A refusal or failure as it stands: what happened, then what to try. Announced when it appears.
import type { Failure } from '../../lib/wire/failure.ts';

export function FailureNote({ failure }: { readonly failure: Failure | null }) {
  return (
    <div role="alert">
      {failure && (
        <div class="failure">
          <strong>{failure.message}</strong>
          <span>{failure.remedy}</span>
        </div>
      )}
    </div>
  );
}
