"""Why a principal holds, or lacks, access at a snapshot: every path, what explains it, and what stands behind it."""
