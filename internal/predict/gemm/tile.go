package gemm

// portable is the tile in Go: four rows by sixteen columns, in pieces whose sums fit into registers.
func portable(n int, a []float32, row, col int, b, c []float32, ldc int, add bool) {
	for i := 0; i < tileRows; i += 2 {
		a0, a1 := a[i*row:], a[(i+1)*row:]
		for j := 0; j < tileCols; j += 4 {
			var s00, s01, s02, s03, s10, s11, s12, s13 float32
			at := 0
			for l := range n {
				q := (*[4]float32)(b[l*tileCols+j:])
				x, y := a0[at], a1[at]
				s00 += x * q[0]
				s01 += x * q[1]
				s02 += x * q[2]
				s03 += x * q[3]
				s10 += y * q[0]
				s11 += y * q[1]
				s12 += y * q[2]
				s13 += y * q[3]
				at += col
			}
			c0, c1 := (*[4]float32)(c[i*ldc+j:]), (*[4]float32)(c[(i+1)*ldc+j:])
			if add {
				s00, s01, s02, s03 = s00+c0[0], s01+c0[1], s02+c0[2], s03+c0[3]
				s10, s11, s12, s13 = s10+c1[0], s11+c1[1], s12+c1[2], s13+c1[3]
			}
			*c0 = [4]float32{s00, s01, s02, s03}
			*c1 = [4]float32{s10, s11, s12, s13}
		}
	}
}

// single is the product of one row after the other, for a tile with fewer than four.
func single(n, rows int, a []float32, row, col int, b, c []float32) {
	for i := range rows {
		sum := (*[tileCols]float32)(c[i*tileCols:])
		clear(sum[:])
		for l := range n {
			x := a[i*row+l*col]
			for j, v := range (*[tileCols]float32)(b[l*tileCols:]) {
				sum[j] += x * v
			}
		}
	}
}
