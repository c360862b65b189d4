"""Makes the .npz fixtures: python make_archives.py (NumPy)."""
import pathlib
import zipfile
import numpy as np

here = pathlib.Path(__file__).parent
rng = np.random.default_rng(7)
# Multiples of 1/64, so that any reader has them exactly.
scores = rng.integers(0, 65, (40, 3)) / 64
np.savez_compressed(here / "packed.npz", scores=scores.astype("f4"), other=1 - scores)
np.savez(here / "stored.npz", scores)
# What zipfile writes from 4 GiB on, from a byte on: every size and place in a Zip64 field, and a Zip64 directory.
zipfile.ZIP64_LIMIT = 1
zipfile.ZIP_FILECOUNT_LIMIT = 1
np.savez_compressed(here / "zip64.npz", scores=scores.astype("f4"), other=1 - scores)
print(",".join(str(int(64 * v)) for v in scores.ravel()))
