// The heading of a step that appears because of what someone just did. It takes the focus when the control that had it
// has gone, so that the keyboard and a screen reader go on from here.
import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';

export function ArrivingHeading({ children }: { readonly children: ComponentChildren }) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    const focusWasLost = document.activeElement === document.body;
    if (focusWasLost && navigator.userActivation.hasBeenActive) heading.current?.focus();
  }, []);
  return (
    <h2 ref={heading} tabIndex={-1}>
      {children}
    </h2>
  );
}
