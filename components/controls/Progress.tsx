// How far something is: a thin bar, and the number for those who do not see it.
export function Progress({ label, percent }: { readonly label: string; readonly percent: number }) {
  return (
    <div class="progress-row">
      <progress class="progress" aria-label={label} max={100} value={percent} />
      <span class="quiet">{percent} %</span>
    </div>
  );
}
