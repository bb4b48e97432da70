// Package gemm multiplies float32 matrices for training networks: small, many, the right one used again and again.
//
// The right matrix is packed once into panels (K. Goto, R. van de Geijn, "Anatomy of high-performance matrix
// multiplication", 2008) and multiplied with any strided left matrix, so that a transpose costs nothing.
// A tile of 4 rows by 16 columns is the only inner loop: assembly on amd64 with AVX2 and FMA, Go elsewhere.
// Every element of a product is summed in the order of k, whatever runs beside it. The two inner loops round
// differently in the last place, as FMA rounds once where a product and a sum round twice.
package gemm

// The tile of the inner loop, and how many steps of k are worked off while a panel stays in the first-level cache.
const (
	tileRows = 4
	tileCols = 16
	blockK   = 256
)

// Panels is a matrix of K rows and N columns packed into strips of 16 columns, the last one padded with zeros.
type Panels struct {
	K, N int
	data []float32
}

// Pack takes the k by n matrix whose element (i, j) is src[i*row+j*col]. Earlier contents are lost, the memory is used again.
func (p *Panels) Pack(src []float32, k, n, row, col int) {
	strips := (n + tileCols - 1) / tileCols
	p.K, p.N = k, n
	if size := strips * k * tileCols; cap(p.data) < size {
		p.data = make([]float32, size)
	} else {
		p.data = p.data[:size]
	}
	for s := range strips {
		first := s * tileCols
		width := min(tileCols, n-first)
		for i := range k {
			to := p.data[(s*k+i)*tileCols : (s*k+i+1)*tileCols]
			from := src[i*row+first*col:]
			if col == 1 {
				copy(to, from[:width])
			} else {
				for j := range width {
					to[j] = from[j*col]
				}
			}
			clear(to[width:])
		}
	}
}

// Left is the left matrix of a product, read in place: element (i, l) is Data[i*Row+l*Col].
type Left struct {
	Data     []float32
	Rows     int
	Row, Col int
}

// Mul sets c, which has a.Rows rows of p.N columns and ldc elements from row to row, to a times p; with add
// the product is added to what is there.
func (p *Panels) Mul(c []float32, ldc int, a Left, add bool) {
	if a.Rows == 0 || p.N == 0 {
		return
	}
	if p.K == 0 {
		if !add {
			for i := range a.Rows {
				clear(c[i*ldc : i*ldc+p.N])
			}
		}
		return
	}
	_ = c[(a.Rows-1)*ldc+p.N-1] // the assembly sees no bounds
	_ = a.Data[(a.Rows-1)*a.Row+(p.K-1)*a.Col]
	for k0 := 0; k0 < p.K; k0 += blockK {
		p.block(c, ldc, a, k0, min(blockK, p.K-k0), add || k0 > 0)
	}
}

// block adds the part of the product from k0 on, n steps long.
func (p *Panels) block(c []float32, ldc int, a Left, k0, n int, add bool) {
	for first := 0; first < p.N; first += tileCols {
		b := p.data[first*p.K+k0*tileCols : first*p.K+(k0+n)*tileCols]
		width := min(tileCols, p.N-first)
		i := 0
		if width == tileCols {
			for ; i+tileRows <= a.Rows; i += tileRows {
				tile(n, a.Data[i*a.Row+k0*a.Col:], a.Row, a.Col, b, c[i*ldc+first:], ldc, add)
			}
		}
		for ; i < a.Rows; i += tileRows {
			edge(n, min(tileRows, a.Rows-i), a.Data[i*a.Row+k0*a.Col:], a.Row, a.Col, b, c[i*ldc+first:], ldc, width, add)
		}
	}
}

// edge works off a tile that sticks out of c on the right or below.
func edge(n, rows int, a []float32, row, col int, b, c []float32, ldc, width int, add bool) {
	var t [tileRows * tileCols]float32
	if rows == tileRows {
		tile(n, a, row, col, b, t[:], tileCols, false)
	} else {
		strip(n, rows, a, row, col, b, t[:])
	}
	for i := range rows {
		from, to := t[i*tileCols:i*tileCols+width], c[i*ldc:i*ldc+width]
		if !add {
			copy(to, from)
			continue
		}
		for j, v := range from {
			to[j] += v
		}
	}
}
