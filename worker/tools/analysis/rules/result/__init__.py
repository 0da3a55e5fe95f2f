"""From verdicts to requirements: what is said twice, sizes, disciplines and work packages."""
