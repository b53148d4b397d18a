"""An IPython extension: a module that lies beside the notebook can be imported, and stands in for no installed one."""

import sys


def load_ipython_extension(shell):
    """Let Python look into the notebook's folder last, after all that is installed."""
    if "" not in sys.path:
        sys.path.append("")
