"""Pages of contracts: thin, one service call each."""
