"""Programs that need more than a reader wants to install: run once, recorded, and run again in CI.

Each module is a script as one would paste it; the record of its run stands beside it as JSON.
`with_jax.py` and the others have that `with_` because a script that is called `jax.py` finds itself
when it imports JAX.
"""

import re


def unsigned_zeros(printed):
    """What a program printed, with 0 for −0: the frameworks differ in that sign, which changes no
    value.
    """
    return re.sub(r"-0\.(?!\d)", " 0.", printed)
