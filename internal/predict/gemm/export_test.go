package gemm

// Portable is the tile that machines without AVX2 run.
var Portable = portable

// Tile is the one that this machine runs.
var Tile = tile
