package lstm

import "github.com/fleetms/obdctl/internal/errs"

// Stream follows one vehicle row by row. It keeps the last Steps rows and says after each what [Network.Predict] says
// of them, so that a stream and a batch never disagree.
type Stream struct {
	net  *Network
	pass *pass
	rows []float32
}

// Stream returns a new stream without any row. A stream is for one goroutine.
func (n *Network) Stream() *Stream {
	return &Stream{net: n, pass: newPass(n.config, 1, false), rows: make([]float32, 0, n.config.Steps*n.config.Inputs)}
}

// Next takes one row and returns the outputs after it.
func (s *Stream) Next(row []float32) ([]float64, error) {
	c := s.net.config
	if len(row) != c.Inputs {
		return nil, errs.New(errs.BadInput, "row of %d values: must be %d", len(row), c.Inputs)
	}
	if err := c.fits(row); err != nil {
		return nil, err
	}
	if len(s.rows) == c.Steps*c.Inputs {
		s.rows = s.rows[:copy(s.rows, s.rows[c.Inputs:])]
	}
	s.rows = append(s.rows, row...)
	s.pass.load([][]float32{s.rows})
	s.pass.forward(s.net.w, &s.net.m, nil, 0)
	return c.read(s.pass.out), nil
}
