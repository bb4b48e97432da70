package gemm_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/blas32"

	"github.com/fleetms/obdctl/internal/predict/gemm"
)

func random(r *rand.Rand, n int) []float32 {
	x := make([]float32, n)
	for i := range x {
		x[i] = float32(r.NormFloat64())
	}
	return x
}

func TestMulEqualsTheDefinition(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for _, s := range [][3]int{{1, 1, 1}, {3, 5, 2}, {4, 16, 8}, {5, 17, 300}, {32, 256, 64}, {31, 33, 513}, {4, 1, 7}, {8, 32, 0}} {
		for _, transposed := range []bool{false, true} {
			for _, add := range []bool{false, true} {
				t.Run(fmt.Sprintf("%dx%dx%d transposed=%v add=%v", s[0], s[1], s[2], transposed, add), func(t *testing.T) {
					check(t, r, s[0], s[1], s[2], transposed, add)
				})
			}
		}
	}
}

func check(t *testing.T, r *rand.Rand, m, n, k int, transposed, add bool) {
	a, b := random(r, m*k), random(r, k*n)
	left := gemm.Left{Data: a, Rows: m, Row: k, Col: 1}
	row, col := n, 1
	if transposed {
		left.Row, left.Col = 1, m
		row, col = 1, k
	}
	ldc := n + 3
	c := random(r, m*ldc)
	was := append([]float32(nil), c...)
	var p gemm.Panels
	p.Pack(random(r, 400), 20, 20, 20, 1) // what was packed before must not show through
	p.Pack(b, k, n, row, col)
	p.Mul(c, ldc, left, add)
	for i := range m {
		for j := range ldc {
			want := float64(was[i*ldc+j])
			if j < n {
				if !add {
					want = 0
				}
				for l := range k {
					want += float64(a[i*left.Row+l*left.Col]) * float64(b[l*row+j*col])
				}
			}
			if got := float64(c[i*ldc+j]); math.Abs(got-want) > 1e-4 {
				t.Fatalf("(%d, %d) = %v, want %v", i, j, got, want)
			}
		}
	}
}

// The shapes of one time step of 64 cells, forward and back. Compare with gonum's blas32.
func BenchmarkMul(b *testing.B) {
	for _, s := range [][3]int{{32, 256, 64}, {64, 256, 64}, {32, 64, 256}, {64, 256, 960}} {
		m, n, k := s[0], s[1], s[2]
		r := rand.New(rand.NewPCG(1, 2))
		x, y, z := random(r, m*k), random(r, k*n), random(r, m*n)
		flops := float64(2 * m * n * k)
		rate := func(b *testing.B) {
			b.ReportMetric(flops*float64(b.N)/b.Elapsed().Seconds()/1e9, "GFLOP/s")
		}
		name := fmt.Sprintf("%dx%dx%d", m, n, k)
		b.Run(name+"/packed", func(b *testing.B) {
			var p gemm.Panels
			p.Pack(y, k, n, n, 1)
			for b.Loop() {
				p.Mul(z, n, gemm.Left{Data: x, Rows: m, Row: k, Col: 1}, true)
			}
			rate(b)
		})
		b.Run(name+"/gonum", func(b *testing.B) {
			A, B, C := blas32.General{Rows: m, Cols: k, Stride: k, Data: x}, blas32.General{Rows: k, Cols: n, Stride: n, Data: y}, blas32.General{Rows: m, Cols: n, Stride: n, Data: z}
			for b.Loop() {
				blas32.Gemm(blas.NoTrans, blas.NoTrans, 1, A, B, 1, C)
			}
			rate(b)
		})
	}
}
