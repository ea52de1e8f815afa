// What is known of a point beside its color, one byte each: bits may be combined.

export const SELECTED = 1;
export const HIGHLIGHTED = 2;
export const HIDDEN = 4; // not drawn at all
