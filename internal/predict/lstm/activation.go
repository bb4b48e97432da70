package lstm

// saturated is where tanh is one but for 2e-7 and arguments are cut off.
const saturated = 8

// tanhs replaces every x by tanh(x): Lambert's continued fraction after six levels at half the argument, doubled by
// tanh(2y) = 2 tanh(y) / (1 + tanh(y)^2). The error is below 5e-7. Straight code without table or branch is what
// keeps the pipes of a processor full; a training run spends as much time here as in its matrices.
func tanhs(x []float32) {
	for i, v := range x {
		v = min(max(v, -saturated), saturated) * 0.5
		q := v * v
		n := v * (10395 + q*(1260+q*21))
		d := 10395 + q*(4725+q*(210+q))
		x[i] = 2 * n * d / (d*d + n*n)
	}
}

// sigmoids replaces every x by 1 / (1 + exp(-x)), which is (1 + tanh(x/2)) / 2.
func sigmoids(x []float32) {
	for i, v := range x {
		v = min(max(v, -2*saturated), 2*saturated) * 0.25
		q := v * v
		n := v * (10395 + q*(1260+q*21))
		d := 10395 + q*(4725+q*(210+q))
		x[i] = 0.5 + n*d/(d*d+n*n)
	}
}
