// zod at the edge, where it may not throw. Its checks of length look at whatever has a `length`, so JSON such as
// `{"length":{"toString":1}}` in the place of a bounded text makes `safeParse` itself throw.
import { z } from 'zod';

export type Checked<T> =
  | { readonly success: true; readonly data: T }
  | { readonly success: false; readonly data?: never; readonly error: z.ZodError };

/** `shape.safeParse(value)`, with a value that cannot be looked at counted as one of the wrong shape. */
export function checkShape<T>(shape: z.ZodType<T>, value: unknown): Checked<T> {
  try {
    return shape.safeParse(value);
  } catch {
    const message = 'cannot be read';
    const error = new z.ZodError([{ code: 'custom', path: [], message, input: undefined }]);
    return { success: false, error };
  }
}
