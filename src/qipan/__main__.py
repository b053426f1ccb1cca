"""`python -m qipan`: the command line."""

import sys

from qipan.experiments.begin import main

sys.exit(main())
