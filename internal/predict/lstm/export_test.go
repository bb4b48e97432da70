package lstm

// Gradient returns the summed loss and its gradient of one shard without dropout, at given weights.
func Gradient(c Config, flat []float32, rows, want [][]float32) (float64, []float32) {
	w := view(c, flat)
	var m packed
	m.load(c, w, true)
	p := newPass(c, len(rows), true)
	for range 2 { // the second run must not see the first
		p.load(rows)
		p.forward(w, &m, source(1), 0)
		p.backward(w, &m, want)
	}
	return p.loss, p.grad
}

// Count is the number of weights.
func Count(c Config) int { return c.count() }

// Flat are the weights of a network.
func Flat(n *Network) []float32 { return n.w.flat }

// Tanhs and Sigmoids are the activations.
var (
	Tanhs    = tanhs
	Sigmoids = sigmoids
)
