/**
 * Logarithm of the gamma function and its first two derivatives for positive arguments.
 *
 * Small arguments are moved above 10 by the recurrence G(x + 1) = x G(x), where Stirling's series (Abramowitz & Stegun
 * 1964, 6.1.41, 6.3.18, 6.4.12) reaches double precision in eight terms.
 */
const SERIES_START = 10
const HALF_LOG_TWO_PI = 0.9189385332046728

/** ln G(x) for x > 0; absolute error about 1e-15 times max(1, |ln G(x)|). */
export function logGamma(x: number): number {
  let shifted = x
  let product = 1
  while (shifted < SERIES_START) {
    product *= shifted
    shifted += 1
  }
  const inverse = 1 / shifted
  const square = inverse * inverse
  const tail =
    inverse *
    (1 / 12 -
      square *
        (1 / 360 -
          square *
            (1 / 1260 -
              square *
                (1 / 1680 -
                  square * (1 / 1188 - square * (691 / 360360 - square * (1 / 156 - (square * 3617) / 122400)))))))
  return (shifted - 0.5) * Math.log(shifted) - shifted + HALF_LOG_TWO_PI + tail - Math.log(product)
}

/** The derivative of ln G(x) for x > 0. */
export function digamma(x: number): number {
  let shifted = x
  let sum = 0
  while (shifted < SERIES_START) {
    sum += 1 / shifted
    shifted += 1
  }
  const inverse = 1 / shifted
  const square = inverse * inverse
  const tail =
    square *
    (1 / 12 -
      square *
        (1 / 120 -
          square *
            (1 / 252 -
              square *
                (1 / 240 - square * (1 / 132 - square * (691 / 32760 - square * (1 / 12 - (square * 3617) / 8160)))))))
  return Math.log(shifted) - 0.5 * inverse - tail - sum
}

/** The second derivative of ln G(x) for x > 0. */
export function trigamma(x: number): number {
  let shifted = x
  let sum = 0
  while (shifted < SERIES_START) {
    sum += 1 / (shifted * shifted)
    shifted += 1
  }
  const inverse = 1 / shifted
  const square = inverse * inverse
  const tail =
    1 / 6 -
    square *
      (1 / 30 -
        square *
          (1 / 42 -
            square * (1 / 30 - square * (5 / 66 - square * (691 / 2730 - square * (7 / 6 - (square * 3617) / 510))))))
  return inverse * (1 + 0.5 * inverse + square * tail) + sum
}
