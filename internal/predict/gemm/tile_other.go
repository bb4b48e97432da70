//go:build !amd64

package gemm

func tile(n int, a []float32, row, col int, b, c []float32, ldc int, add bool) {
	portable(n, a, row, col, b, c, ldc, add)
}

// strip sets the first rows of a tile, one to three, to their product.
func strip(n, rows int, a []float32, row, col int, b, c []float32) {
	single(n, rows, a, row, col, b, c)
}
