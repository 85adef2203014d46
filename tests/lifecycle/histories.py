"""Made histories whose stage is known: each customer follows its own curve up to a random age."""

from functools import cache

import numpy as np
import pandas as pd

from crmlib.lifecycle.curve import LifecycleCurve
from crmlib.lifecycle.stages import STAGES


def made_histories(noise):
    """Volumes with the given relative noise, the true stages, and the periods to the nearest change of stage."""
    volumes, stages, distances = _without_noise(customers=800, periods=36, seed=7)
    shocks = np.exp(noise * np.random.default_rng(8).standard_normal(volumes.shape) - noise**2 / 2)
    return pd.DataFrame(volumes * shocks), stages, distances


@cache
def _without_noise(customers, periods, seed):
    rng = np.random.default_rng(seed)
    volumes = np.zeros((customers, periods))
    stages, distances = [], []
    for row in volumes:
        scale, trial = rng.uniform(1, 2), rng.uniform(0.1, 0.25)
        rise = rng.uniform(4, 9) + 2.197 * scale
        fall_scale = rng.uniform(0.8, scale)
        fall = rise + 2.197 * (scale + fall_scale) + rng.uniform(8, 16)
        curve = LifecycleCurve(rng.lognormal(4, 0.5), trial, rise, scale, fall, fall_scale, 1, {}, 0)
        starts = curve.starts.to_numpy()
        stage = rng.integers(4)
        age = rng.uniform(starts[stage], [*starts, fall + 2.5 * fall_scale][stage + 1])
        ages = age - np.arange(min(int(age) + 1, periods))[::-1]
        row[-len(ages) :] = curve.volume(ages)
        stages.append(STAGES[stage])
        distances.append(np.abs(age - starts[1:]).min())
    return volumes, pd.Series(stages), pd.Series(distances)
