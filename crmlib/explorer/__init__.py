"""What-if explorers: charts in the page that answer to sliders, computed there and without a network."""

from crmlib.extras import extra

with extra("figures"):
    from crmlib.explorer.lifetimes import lifetime_explorer
    from crmlib.explorer.page import Explorer
    from crmlib.explorer.values import value_explorer

__all__ = ["Explorer", "lifetime_explorer", "value_explorer"]
