"""Expected purchases before dropout, by mpmath quadrature of the mixture integral at 40 digits:
the mean over p ~ Beta(a, b) of (1 - (1 + p t / rate)^-shape) / p. Writes far-corner-expectations.json."""
import json
from mpmath import mp, mpf, quad, beta, exp, log, expm1, log1p, linspace

mp.dps = 40

def expected(shape, rate, a, b, t):
    shape, rate, a, b, t = map(mpf, (shape, rate, a, b, t))
    tau = t / rate
    centre, width = log(a / b), min(mpf(2), (1 / a + 1 / b) ** mpf('0.5'))
    def integrand(y):
        p = 1 / (1 + exp(-y))
        keep = 1 / (1 + exp(y))
        return -expm1(-shape * log1p(p * tau)) / p * exp(a * log(p) + b * log(keep) - log(beta(a, b)))
    left = centre - max(12 * width, 60 / a + log1p(tau))
    right = centre + max(12 * width, 60 / b)
    inner = [centre + k * width for k in (-8, -4, -2, -1, 0, 1, 2, 4, 8)]
    kink = -log(tau * shape + 1)
    points = sorted({left, right, *[p for p in inner + [kink, kink - 5, kink + 5, kink/2] if left < p < right]})
    return quad(integrand, points, maxdegree=12)

cases = []
for shape, rate, a, b in [(0.25, 43, 20, 60), (3.5, 12, 400, 900), (29.2, 43, 1600, 40), (0.6, 5, 5.5, 2),
                          (2.5, 8, 0.1, 0.3), (1e5, 7.5e5, 0.8, 3), (8.0, 30, 0.02, 50), (0.3, 5, 0.9, 2.4), (0.3, 5, 3, 0.5)]:
    for t in (0.01, 1, 39, 3000, 1e6):
        cases.append({'shape': shape, 'rate': rate, 'a': a, 'b': b, 'horizon': t, 'expected': mp.nstr(expected(shape, rate, a, b, t), 16)})
json.dump(cases, open('far-corner-expectations.json', 'w'), indent=0)
