package battery

import (
	"encoding/json"
	"fmt"
	"io"
	"math"
	"slices"

	"github.com/fleetms/obdctl/internal/errs"
)

// lifeVersion is that of a saved [LifeModel]; a reader refuses newer ones.
const lifeVersion = 1

// maxLife bounds a saved model in bytes: a hundred weights and an error for each of some thousand cells.
const maxLife = 1 << 20

type savedLife struct {
	Version int        `json:"version"`
	Model   *LifeModel `json:"model"`
}

// Save writes the model as JSON.
func (m *LifeModel) Save(w io.Writer) error {
	if err := json.NewEncoder(w).Encode(savedLife{lifeVersion, m}); err != nil {
		return fmt.Errorf("save cell life: %w", err)
	}
	return nil
}

// LoadLife reads what Save wrote and refuses what cannot predict.
func LoadLife(r io.Reader) (*LifeModel, error) {
	data, err := io.ReadAll(io.LimitReader(r, maxLife+1))
	if err != nil {
		return nil, fmt.Errorf("load cell life: %w", err)
	}
	var s savedLife
	switch {
	case len(data) > maxLife || json.Unmarshal(data, &s) != nil || s.Model == nil:
		return nil, refusedLife("it is no saved model of cell life")
	case s.Version != lifeVersion:
		return nil, refusedLife(fmt.Sprintf("its version is %d, this program knows %d", s.Version, lifeVersion))
	case !s.Model.sound():
		return nil, refusedLife("its numbers are impossible")
	}
	return s.Model, nil
}

func refusedLife(why string) error {
	return errs.New(errs.BadInput, "load cell life: %s", why).WithHint("train it again: 'obdctl model train'")
}

func (m *LifeModel) sound() bool {
	ok := m.Top > m.Bottom && m.Top < 10 && m.Bottom >= 0 && m.Whole.Sound(curvePoints) && m.Two.Sound(2) &&
		m.Lives[0] >= 1 && m.Lives[1] >= m.Lives[0] && m.Lives[1] < 1e6 && m.Cells >= len(m.Errors) && len(m.Errors) > 0 && m.Nominal > 0
	for _, r := range m.Range {
		ok = ok && r[0] <= r[1] && math.Abs(r[0]) < 1e6 && math.Abs(r[1]) < 1e6
	}
	for _, e := range m.Errors {
		ok = ok && e >= 0 && e < 10
	}
	return ok && slices.IsSorted(m.Errors)
}
