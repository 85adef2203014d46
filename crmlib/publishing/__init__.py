"""From a case folder and a notebook to a verified chapter."""
