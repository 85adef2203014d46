"""The integral behind the Pareto/NBD likelihood, in logs, with its derivatives."""

import numpy as np

__all__ = ["log_decay_integral"]

_NEAR = 0.8  # ratio of the series up to which it takes at most some 170 terms
_STEP = 0.09  # of the trapezoidal rule; halving it changes nothing beyond 1e-10
_LEFT = 3.9  # (π/2)·sinh(3.9) ≈ 39, and e⁻³⁹ is below the precision of a double
_CHUNK = 2048  # pairs at a time, so that the arrays stay in the processor's cache


def log_decay_integral(
    a: np.ndarray, b: np.ndarray, alpha: float, beta: float, t: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Logarithm of ``G = ∫ₜ^∞ (α+τ)^(−a) (β+τ)^(−b) dτ``, and its derivatives by a, b, α and β.

    With q and p the exponents of the larger and the smaller shift, Euler's transformation of the Gaussian
    hypergeometric function gives ``G = (larger+t)^(−q) (smaller+t)^(1−p) ₂F₁(1, q; p+q; z) / (p+q−1)`` with
    ``z = (larger−smaller) / (larger+t)``. Where z is near 1, the series is slow, and the double exponential rule
    [takahasi1974]_ takes its place. Both add positive terms only, so that nothing cancels, whichever shift is larger
    and however many purchases; the derivatives are sums over the same terms.

    Parameters
    ----------
    a, b
        Exponents, with a + b > 1.
    alpha, beta
        Positive shifts.
    t
        Starts of the integral, not negative.

    Returns
    -------
    tuple
        ``ln G``, and its gradient with shape (4, starts).

    Examples
    --------
    >>> value, gradient = log_decay_integral(np.array([2.0]), np.array([1.0]), 3.0, 3.0, np.array([1.0]))
    >>> round(float(np.exp(value[0])), 12)  # 1 / (2·4²)
    0.03125
    """
    if alpha < beta:
        value, gradient = log_decay_integral(b, a, beta, alpha, t)
        return value, gradient[[1, 0, 3, 2]]
    near = (alpha - beta) / (alpha + t) <= _NEAR
    value, gradient = np.empty(len(t)), np.empty((4, len(t)))
    value[near], gradient[:, near] = _series(a[near], b[near], alpha, beta, t[near])
    for part in np.split(np.flatnonzero(~near), range(_CHUNK, int((~near).sum()), _CHUNK)):
        if len(part):
            value[part], gradient[:, part] = _quadrature(a[part], b[part], alpha, beta, t[part])
    return value, gradient


def _series(
    q: np.ndarray, p: np.ndarray, larger: float, smaller: float, t: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Sum ``(q)ₙ/(p+q)ₙ zⁿ`` and its derivatives by q, p and z."""
    z = (larger - smaller) / (larger + t)
    term, total = np.ones(len(t)), np.ones(len(t))
    by_q, by_p, by_z = np.zeros(len(t)), np.zeros(len(t)), np.zeros(len(t))
    log_by_q, log_by_p = np.zeros(len(t)), np.zeros(len(t))  # derivatives of the logarithm of the term
    for n in range(1, 1000):
        ratio = (q + n - 1) / (p + q + n - 1)
        by_z += n * term * ratio
        log_by_p -= 1 / (p + q + n - 1)
        log_by_q += 1 / (q + n - 1) - 1 / (p + q + n - 1)
        term = term * ratio * z
        total += term
        by_q += term * log_by_q
        by_p += term * log_by_p
        if n * term.max(initial=0) < 1e-17:
            break
    far, close = larger + t, smaller + t
    value = np.log(total / (p + q - 1)) - q * np.log(far) + (1 - p) * np.log(close)
    by_z /= total
    gradient = np.array(
        [
            by_q / total - np.log(far) - 1 / (p + q - 1),
            by_p / total - np.log(close) - 1 / (p + q - 1),
            by_z * close / far**2 - q / far,
            -by_z / far + (1 - p) / close,
        ]
    )
    return value, gradient


def _quadrature(
    a: np.ndarray, b: np.ndarray, larger: float, smaller: float, t: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Substitute ``τ = t + exp(y)``, ``y = centre + (π/2)·sinh(w)``, and sum over equal steps of w."""
    decay = a + b - 1  # the integrand falls like exp(−decay·y) in the end
    slower = np.log(larger + t)
    # Between the times at which the decay begins and at which the slower of the two takes over.
    centre = (slower - np.log(np.maximum(decay, 1)) - np.log(a / (larger + t) + b / (smaller + t))) / 2
    right = (slower + 40 / decay + np.log(-np.expm1(-40 / decay)) - centre).max()
    w = np.arange(-_LEFT, np.arcsinh(2 / np.pi * right) + _STEP, _STEP)[:, np.newaxis]
    y = np.pi / 2 * np.sinh(w)
    inverse = np.exp(-y) * np.exp(-centre)  # 1 / (τ − t)
    with_larger, with_smaller = 1 + (larger + t) * inverse, 1 + (smaller + t) * inverse  # (α+τ) / (τ−t), so for β
    log_larger, log_smaller = np.log(with_larger), np.log(with_smaller)
    log_terms = np.log(np.cosh(w)) - decay * (y + centre) - a * log_larger - b * log_smaller
    highest = log_terms.max(axis=0)
    terms = np.exp(log_terms - highest)
    total = terms.sum(axis=0)
    terms /= total
    log_time = np.einsum("ij,ij->j", terms, y + centre)
    gradient = np.array(
        [
            -log_time - np.einsum("ij,ij->j", terms, log_larger),
            -log_time - np.einsum("ij,ij->j", terms, log_smaller),
            -a * np.einsum("ij,ij->j", terms, inverse / with_larger),
            -b * np.einsum("ij,ij->j", terms, inverse / with_smaller),
        ]
    )
    return highest + np.log(total * _STEP * np.pi / 2), gradient
