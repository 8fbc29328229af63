"""習い事Prime: families try real lessons with monthly tickets."""
