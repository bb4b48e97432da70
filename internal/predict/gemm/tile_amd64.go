package gemm

import "golang.org/x/sys/cpu"

// tile sets c, four rows of sixteen columns, to a times b, or adds it: c[i*ldc+j] = sum of a[i*row+l*col] * b[l*16+j].
func tile(n int, a []float32, row, col int, b, c []float32, ldc int, add bool) {
	if !cpu.X86.HasAVX2 || !cpu.X86.HasFMA {
		portable(n, a, row, col, b, c, ldc, add)
		return
	}
	tileFMA(n, &a[0], row, col, &b[0], &c[0], ldc, add)
}

// strip sets the first rows of a tile, one to three, to their product. Elements are summed as in tile.
func strip(n, rows int, a []float32, row, col int, b, c []float32) {
	if !cpu.X86.HasAVX2 || !cpu.X86.HasFMA {
		single(n, rows, a, row, col, b, c)
		return
	}
	var t [tileRows * tileCols]float32
	for i := range rows { // four times the same row: the tile has no other size
		tileFMA(n, &a[i*row], 0, col, &b[0], &t[0], 0, false)
		copy(c[i*tileCols:(i+1)*tileCols], t[:tileCols])
	}
}

// tileFMA needs AVX2 and FMA; n is at least 1, strides are in elements.
//
//go:noescape
func tileFMA(n int, a *float32, row, col int, b, c *float32, ldc int, add bool)
