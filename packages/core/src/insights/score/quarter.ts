/** A quarter of a year in weeks: the recent past that is held against what was before, and the near future. */
export const quarterWeeks = 13
