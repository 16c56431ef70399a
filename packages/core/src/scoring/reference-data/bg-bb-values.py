"""BG/BB without the closed forms of the papers: quadrature at 30 digits over the two Beta distributions of what a customer
with chance p to buy and theta to leave does. Writes bg-bb-values.json: log-likelihood, P(there at n + 1), expectation."""
import json
from functools import cache
from mpmath import mp, mpf, quad, beta, log, sqrt

mp.dps = 30

@cache
def mean_theta(g, d, power_theta, power_stay):
    """Mean of theta^i (1-theta)^j, in the logit so that no end of the range is singular."""
    f = lambda y: (lambda t, u: t ** (g + power_theta) * u ** (d + power_stay))(1 / (1 + mp.exp(-y)), 1 / (1 + mp.exp(y)))
    centre = log((g + power_theta) / (d + power_stay))
    width = min(mpf(2), sqrt(1 / (g + power_theta) + 1 / (d + power_stay)))
    near = [centre + k * width for k in (-80, -40, -24, -16, -12, -8, -6, -4, -2, -1, 0, 1, 2, 4, 6, 8, 12, 16, 24, 40)]
    return quad(f, sorted([-3000, -400, -200, -100, *near, 100, 200, 400, 3000])) / beta(g, d)

def row(al, be, g, d, x, tx, n, ahead):
    al, be, g, d = map(mpf, (al, be, g, d))
    buys = lambda i, j: mean_theta(al, be, i, j)
    parts = [buys(x, t - x) * mean_theta(g, d, 1, t) for t in range(tx, n)]
    here = buys(x, n - x) * mean_theta(g, d, 0, n)
    whole = here + sum(parts)
    alive = buys(x, n - x) * mean_theta(g, d, 0, n + 1) / whole
    expected = sum(buys(x + 1, n - x) * mean_theta(g, d, 0, n + j) for j in range(1, ahead + 1)) / whole
    return [mp.nstr(v, 16) for v in (log(whole), alive, expected)]

cases = []
for params in [('1.204', '0.750', '0.657', '2.783'), ('0.5', '4', '1', '3'), ('30', '12', '0.05', '0.2'), ('2', '2', '40', '500')]:
    for x, tx, n, ahead in [(0, 0, 6, 5), (6, 6, 6, 5), (2, 3, 6, 1), (1, 1, 12, 10), (7, 11, 12, 3), (0, 0, 0, 4)]:
        ll, alive, expected = row(*params, x, tx, n, ahead)
        al, be, g, d = map(float, params)
        cases.append(dict(alpha=al, beta=be, gamma=g, delta=d, x=x, t_x=tx, n=n, ahead=ahead, logLikelihood=ll, alive=alive, expected=expected))
json.dump(cases, open('bg-bb-values.json', 'w'), indent=0)
