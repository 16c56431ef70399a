"""Pareto/NBD by mpmath quadrature at 40 digits in corners that the stress table leaves out: alpha and beta far apart or
far from the age, huge shapes, far futures. Writes pareto-nbd-corners.json: log-likelihood, P(alive), discounted residual."""
import json
from mpmath import mp, mpf, quad, exp, expm1, log, log1p, loggamma

mp.dps = 40

def pieces(power, slow_power, pace, length):
    """Cuts of 0..length where the logarithm of the integrand falls by steps, so that each piece is smooth."""
    h = lambda v: power * v - slow_power * log1p(pace * expm1(v))
    cuts, n = [mpf(0)], 400
    last = h(mpf(0))
    for i in range(1, n + 1):
        v = length * (mpf(i) / n) ** 6
        if abs(h(v) - last) > 8 or v - cuts[-1] > 2 or i == n:
            cuts.append(v)
            last = h(v)
    return cuts

def history(r, alpha, s, beta, x, t_x, T):
    k = r + x
    fast, slow, power, slow_power = (alpha, beta, 1 - k, s + 1) if alpha <= beta else (beta, alpha, -s, k)
    fast, slow = fast + t_x, slow + t_x
    pace, length = fast / slow, log1p((T - t_x) / fast)
    integral = quad(lambda v: exp(power * v - slow_power * log1p(pace * expm1(v))), pieces(power, slow_power, pace, length))
    odds = s * ((alpha + T) / (alpha + t_x)) ** k * ((beta + T) / (beta + t_x)) ** s * fast / (beta + t_x) * integral
    here = loggamma(k) - loggamma(r) - x * log(alpha) - k * log1p(T / alpha) - s * log1p(T / beta)
    return here + log1p(odds), 1 / (1 + odds)

def residual(r, alpha, s, beta, x, T, rate):
    b = beta + T
    z = rate * b
    h = lambda v: (1 - s) * v - z * expm1(v)
    top = log1p((120 + 3000 * max(1 - s, 0)) / z)
    while h(top / 2) < -120: top /= 2
    return (r + x) / (alpha + T) * b * quad(lambda v: exp(h(v)), [top * mpf(i) / 40 for i in range(41)])

cases = []
for r, alpha, s, beta, x, t_x, T in [
        (0.5, 1e-6, 0.6, 12, 0, 0, 40), (0.5, 1e-6, 0.6, 1e6, 3, 10, 40), (0.5, 10, 0.6, 1e-6, 0, 0, 40),
        (0.5, 10, 0.6, 1e-6, 4, 25, 40), (0.3, 1e6, 0.6, 3, 2, 25, 40), (1e5, 7e5, 0.5, 12, 5, 20, 40),
        (0.55, 10, 1e5, 2e6, 1, 5, 40), (0.55, 0.01, 50, 0.02, 0, 0, 900), (300, 20, 40, 2000, 700, 30, 60),
        (0.55, 10, 1e-4, 1e-8, 1, 5, 40), (2, 5, 3, 7, 100000, 39, 40), (0.9, 1e-3, 1e4, 1e9, 0, 0, 1e5)]:
    args = list(map(mpf, (r, alpha, s, beta, x, t_x, T)))
    ll, alive = history(*args)
    row = dict(r=r, alpha=alpha, s=s, beta=beta, x=x, t_x=t_x, T=T, logLikelihood=mp.nstr(ll, 16), alive=mp.nstr(alive, 16))
    row['residual'] = {str(d): mp.nstr(alive * residual(*args[:5], args[6], mpf(d)), 16) for d in ('1e-9', '0.0027', '3')}
    cases.append(row)
json.dump(cases, open('pareto-nbd-corners.json', 'w'), indent=0)
