"""What compiled loops calculate with: numbers, draws and sums over the sectors and regions of a row of lanes."""
