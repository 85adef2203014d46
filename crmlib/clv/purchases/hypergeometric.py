"""The Gaussian hypergeometric function where customers need it: large counts, arguments up to 1, no overflow."""

from collections.abc import Callable

import numpy as np
import scipy

__all__ = ["beta_mean", "log_hyp2f1"]

_NEAR_ONE = 0.9  # beyond, the power series needs hundreds of terms
_ROUND = 16  # terms between two looks at which sums are finished
_LEAST = 1e-290  # u does not sink below, so that functions of it stay finite
_RESCALE = 1e200  # sums are scaled down above this
# Trapezoidal nodes for the logit of u, even near the middle and ever wider outside, and their weights.
_STEPS = np.arange(-400, 401) * 0.25
_NODES, _WEIGHTS = 7 * np.sinh(_STEPS / 7), 0.25 * np.cosh(_STEPS / 7)


def log_hyp2f1(a: np.ndarray, b: np.ndarray, c: np.ndarray, z: np.ndarray) -> np.ndarray:
    """Natural logarithm of ``₂F₁(a, b; c; z)`` for positive a, b, c and 0 ≤ z < 1.

    Up to z = 0.9 the power series is summed, after Euler's transformation
    ``₂F₁(a, b; c; z) = (1 − z)^(c−a−b) ₂F₁(c−a, c−b; c; z)`` where that shortens it without cancellation; beyond,
    Euler's integral over the beta distribution, if c exceeds a or b (if not, the series still serves, slowly).

    Parameters
    ----------
    a, b, c, z
        Arrays that broadcast.

    Examples
    --------
    >>> log_hyp2f1(1.0, 1.0, 2.0, 0.5)  # ₂F₁(1, 1; 2; z) = −ln(1 − z)/z
    array(0.32663426)
    """
    a, b, c, z = np.broadcast_arrays(*(np.asarray(value, dtype=float) for value in (a, b, c, z)))
    a, b, c, z, shape = np.maximum(a, b).ravel(), np.minimum(a, b).ravel(), c.ravel(), z.ravel(), a.shape
    shorter = (a + b > c) & (np.abs((c - a) * (c - b)) <= 2 * c)
    integral = (z > _NEAR_ONE) & (c > b) & ~(shorter & (a + b - c > 20))
    result = np.empty(len(z))
    for chosen, method in ((integral, _by_integral), (shorter & ~integral, _by_euler), (~shorter & ~integral, _series)):
        if chosen.any():
            result[chosen] = method(a[chosen], b[chosen], c[chosen], z[chosen])
    return result.reshape(shape)


def _by_integral(a: np.ndarray, b: np.ndarray, c: np.ndarray, z: np.ndarray) -> np.ndarray:
    # The integrand has one peak, where w = u/(1 − u) solves (c−b)(1−z)·w² + linear·w − b = 0.
    linear = c - b - a + (1 - z) * (a - b)
    root = np.sqrt(linear**2 + 4 * (c - b) * (1 - z) * b)
    peak = np.where(linear > 0, 2 * b / (linear + root), (root - linear) / (2 * (c - b) * (1 - z)))
    # 1 − zu is written as (1 − u) + (1 − z)u, which loses no digits near 1.
    return _beta_mean(lambda u, rest: -a[:, None] * np.log(rest + (1 - z)[:, None] * u), b, c - b, np.log(peak))


def _by_euler(a: np.ndarray, b: np.ndarray, c: np.ndarray, z: np.ndarray) -> np.ndarray:
    return np.asarray((c - a - b) * np.log1p(-z) + _series(c - a, c - b, c, z))


def _series(a: np.ndarray, b: np.ndarray, c: np.ndarray, z: np.ndarray) -> np.ndarray:
    """Logarithm of the sum of (a)ₖ(b)ₖ/(c)ₖ/k!·zᵏ, whose terms are added until they no longer count."""
    logs = np.zeros(len(z))
    active, total, term, k = np.arange(len(z)), np.ones(len(z)), np.ones(len(z)), 0
    while len(active):
        for _ in range(_ROUND):
            term = term * ((a + k) * (b + k) / ((c + k) * (k + 1)) * z)
            total = total + term
            k += 1
        large = total > _RESCALE
        logs[active[large]] += np.log(_RESCALE)
        total[large] /= _RESCALE
        term[large] /= _RESCALE
        # The remaining terms are below a geometric series once their ratio is below 1.
        ratio = np.abs((a + k) * (b + k) / ((c + k) * (k + 1))) * z
        going = (ratio >= 1) | (np.abs(term) > 1e-17 * np.abs(total) * (1 - ratio))
        logs[active[~going]] += np.log(total[~going])
        active, total, term, a, b, c, z = (part[going] for part in (active, total, term, a, b, c, z))
    return logs


def beta_mean(log_function: Callable[[np.ndarray, np.ndarray], np.ndarray], a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Logarithm of the mean of a positive function of u when u follows Beta(a, b), by quadrature.

    The trapezoidal rule in the logit of u, whose nodes widen outwards: both ends decay there, however small a and b
    are; where both are large the nodes lie as close as the distribution is narrow. Each term is positive, so nothing
    cancels. For a and b from 1e-3 to 1e5 and functions that vary less than the distribution.

    Parameters
    ----------
    log_function
        Logarithm of the function, given u and 1 − u, each of shape (n, nodes).
    a, b
        Positive parameters, shape (n,).

    Examples
    --------
    >>> mean = np.exp(beta_mean(lambda u, rest: np.log(u), np.array([2.0]), np.array([3.0])))
    >>> mean.round(12).tolist()  # a/(a + b)
    [0.4]
    """
    return _beta_mean(log_function, a, b, np.log(a / b))


def _beta_mean(
    log_function: Callable[[np.ndarray, np.ndarray], np.ndarray], a: np.ndarray, b: np.ndarray, middle: np.ndarray
) -> np.ndarray:
    """`beta_mean` with nodes around the logit where the distribution times the function peaks."""
    betaln, expit = scipy.special.betaln, scipy.special.expit
    width = 1 / np.sqrt(1 + a * b / (a + b))
    logit = middle[:, None] + width[:, None] * _NODES
    a, b = a[:, None], b[:, None]
    log_u, log_rest = -np.logaddexp(0, -logit), -np.logaddexp(0, logit)
    exponents = (
        a * log_u
        + b * log_rest
        - betaln(a, b)
        + log_function(np.maximum(expit(logit), _LEAST), np.maximum(expit(-logit), _LEAST))
    )
    highest = exponents.max(axis=1, keepdims=True)
    return np.asarray(highest[:, 0] + np.log(np.exp(exponents - highest) @ _WEIGHTS) + np.log(width))
