package foreign

import (
	"math"

	"github.com/fleetms/obdctl/internal/predict/tree"
)

type linkKind uint8

const (
	identity linkKind = iota
	sigmoid           // of slope times the sum
	exponential
	square // with the sum's sign
	softmax
)

// link turns a sum of leaves into what the model was trained to say.
type link struct {
	kind  linkKind
	slope float64
}

func (l link) apply(raw float64) float64 {
	switch l.kind {
	case sigmoid:
		return tree.Sigmoid(l.slope * raw)
	case exponential:
		return math.Exp(raw)
	case square:
		return math.Copysign(raw*raw, raw)
	}
	return raw
}

// inverse turns an output into the sum that gives it, for constants that are stored as outputs.
func (l link) inverse(out float64) float64 {
	switch l.kind {
	case sigmoid:
		return math.Log(out/(1-out)) / l.slope
	case exponential:
		return math.Log(out)
	}
	return out
}
