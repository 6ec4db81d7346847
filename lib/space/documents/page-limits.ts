// Limits of page documents, apart from their schema, so that the node need not load Automerge to know them.

/** Annotations that one change brings over from another space. */
export const MAX_CARRIED = 200;
