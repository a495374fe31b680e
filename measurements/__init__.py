"""Programs that measure, and the records that they wrote: where every figure on a page comes from."""
