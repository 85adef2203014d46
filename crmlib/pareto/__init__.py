"""Few customers hold most of the value: ABC classes, the pyramid, concentration, and moves between periods."""

from crmlib.pareto.classes import SHARES, Classes, abc_classes
from crmlib.pareto.criteria import criteria_score, joint_classes
from crmlib.pareto.demand import XYZ, XyzClasses, xyz_classes
from crmlib.pareto.distributed import classify_table
from crmlib.pareto.histogram import Histogram, class_limits
from crmlib.pareto.inequality import Concentration, ParetoTail, concentration, fit_pareto_tail, lorenz_curve
from crmlib.pareto.limits import ComputedClasses, computed_abc
from crmlib.pareto.migration import LEFT, NEW, PyramidMigration, pyramid_migration
from crmlib.pareto.stability import Stability, class_stability
from crmlib.pareto.tiers import BASE, Pyramid, customer_base, pyramid

__all__ = [
    "BASE",
    "LEFT",
    "NEW",
    "SHARES",
    "XYZ",
    "Classes",
    "ComputedClasses",
    "Concentration",
    "Histogram",
    "ParetoTail",
    "Pyramid",
    "PyramidMigration",
    "Stability",
    "XyzClasses",
    "abc_classes",
    "class_limits",
    "class_stability",
    "classify_table",
    "computed_abc",
    "concentration",
    "criteria_score",
    "customer_base",
    "fit_pareto_tail",
    "joint_classes",
    "lorenz_curve",
    "pyramid",
    "pyramid_migration",
    "xyz_classes",
]
