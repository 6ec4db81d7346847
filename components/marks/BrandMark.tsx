// The mark of the product: a margin line with an underlined passage beside it.
export function BrandMark({ size = 20 }: { readonly size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" fill="none" aria-hidden="true">
      <path d="M8 4v24" stroke="currentColor" stroke-width="3" stroke-linecap="round" />
      <path
        d="M14 9h12M14 15h8"
        stroke="currentColor"
        stroke-width="2.5"
        stroke-linecap="round"
        opacity="0.45"
      />
      <path d="M14 23h12" stroke="currentColor" stroke-width="3.5" stroke-linecap="round" />
    </svg>
  );
}
