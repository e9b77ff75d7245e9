"""How a program names the data folder that it stands in.

We enter the folder before we change from root to the server's user, and the server then calls it
by its own working directory. So it needs no right to walk through the folders above, which are
often closed (/root), and neither spaces nor length of the path matter. It needs nothing but
/proc, so it works in any container.
"""

import sys
from pathlib import Path


def data_argument(data: Path) -> str:
    return "/proc/self/cwd" if sys.platform == "linux" else str(data)
