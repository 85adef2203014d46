"""Customer lifetime value, in three wings: cash flows, chains of states, and models of purchases."""

from crmlib.clv import cashflows, chains, purchases
from crmlib.clv.cashflows import *  # noqa: F403 (all that the wings have)
from crmlib.clv.chains import *  # noqa: F403
from crmlib.clv.purchases import *  # noqa: F403

__all__ = []
__all__ += cashflows.__all__
__all__ += chains.__all__
__all__ += purchases.__all__
