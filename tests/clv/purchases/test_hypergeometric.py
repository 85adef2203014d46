"""The hypergeometric function against mpmath, where SciPy's fails too."""

from itertools import product

import mpmath
import numpy as np
import pytest
from scipy.special import beta, hyp2f1

from crmlib.clv.purchases.hypergeometric import beta_mean, log_hyp2f1

SHARES = [0, 0.1, 0.5, 0.89, 0.91, 0.99, 0.9999]


def reference(a, b, c, z):
    with mpmath.workdps(30):
        return float(mpmath.log(mpmath.hyp2f1(a, b, c, z, maxterms=10**6)))


def grid():
    """What BG/NBD and Pareto/NBD need, from no purchase to thousands."""
    for r, a, b, x, z in product([0.05, 0.243, 3], [0.02, 0.793, 8], [2.4, 40], [0, 10, 300, 5000], SHARES[:4]):
        yield r + x, b + x, a + b + x - 1, z
    for r, s, x, z in product([0.05, 60], [0.02, 0.6, 8], [0, 10, 300, 5000], SHARES):
        yield r + s + x, s + 1, r + s + x + 1, z


def test_the_logarithm_agrees_with_mpmath_on_a_grid():
    points = list(grid())[::17]
    expected = np.array([reference(*point) for point in points])
    np.testing.assert_allclose(log_hyp2f1(*np.array(points).T), expected, rtol=1e-9, atol=1e-12)


def test_it_serves_where_scipy_fails():
    a, b, c, z = 5000.243, 5002.4, 5002.2, 0.89
    with np.errstate(all="ignore"):
        assert not np.isfinite(hyp2f1(a, b, c, z))
    assert float(log_hyp2f1(a, b, c, z)) == pytest.approx(reference(a, b, c, z), rel=1e-12)


def test_elementary_cases():
    z = np.array([1e-9, 0.3, 0.95])
    np.testing.assert_allclose(np.exp(log_hyp2f1(1.0, 1.0, 2.0, z)), -np.log1p(-z) / z, rtol=1e-12)
    np.testing.assert_allclose(log_hyp2f1(0.7, 2.0, 2.0, z), -0.7 * np.log1p(-z), rtol=1e-12)
    assert (log_hyp2f1(np.ones((2, 3)), 2.0, 3.0, 0.0) == 0).all()


@pytest.mark.parametrize(("a", "b"), [(0.01, 0.01), (0.3, 5.0), (1.0, 1.0), (40.0, 0.02), (1.0, 1e5)])
def test_means_over_the_beta_distribution(a, b):
    shapes = np.array([a]), np.array([b])
    np.testing.assert_allclose(np.exp(beta_mean(lambda u, rest: 0 * u, *shapes)), 1, rtol=1e-10)
    mean = np.exp(beta_mean(lambda u, rest: np.log(u) + 2 * np.log(rest), *shapes))
    np.testing.assert_allclose(mean, beta(a + 1, b + 2) / beta(a, b), rtol=1e-9)


def test_means_agree_with_mpmath_from_tiny_to_large_parameters():
    a, b = (grid.ravel() for grid in np.meshgrid(*[10.0 ** np.arange(-3, 6)] * 2))

    def log_beta(p, q):
        return mpmath.loggamma(p) + mpmath.loggamma(q) - mpmath.loggamma(p + q)

    with mpmath.workdps(30):
        pairs = [(mpmath.mpf(p), mpmath.mpf(q)) for p, q in zip(a, b, strict=True)]
        products = [float(log_beta(p + 1, q + 2) - log_beta(p, q)) for p, q in pairs]
        inverses = [float(mpmath.log(mpmath.hyp2f1(1, p, p + q, -1000, maxterms=10**6))) for p, q in pairs]
    np.testing.assert_allclose(beta_mean(lambda u, rest: 0 * u, a, b), 0, atol=2e-9)
    np.testing.assert_allclose(beta_mean(lambda u, rest: np.log(u) + 2 * np.log(rest), a, b), products, atol=2e-9)
    np.testing.assert_allclose(beta_mean(lambda u, _: -np.log1p(1000 * u), a, b), inverses, atol=2e-9)


@pytest.mark.parametrize("z", [0.91, 0.9999])
@pytest.mark.parametrize("b", [0.02, 1.0, 1000.0])
@pytest.mark.parametrize("rest", [0.02, 1.0, 1000.0])
def test_the_integral_finds_its_peak(b, rest, z):
    for a in (b + 0.5, b + rest / 2 + 0.5):
        assert float(log_hyp2f1(a, b, b + rest, z)) == pytest.approx(reference(a, b, b + rest, z), rel=1e-9, abs=1e-10)
