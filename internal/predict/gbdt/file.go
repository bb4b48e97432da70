package gbdt

import (
	"encoding/json"
	"fmt"
	"io"

	"github.com/fleetms/obdctl/internal/errs"
	"github.com/fleetms/obdctl/internal/predict/tree"
)

const (
	format  = "obdctl/gbdt"
	version = 1
)

// file is a model on disk.
type file struct {
	Format   string      `json:"format"`
	Version  int         `json:"version"`
	Loss     Loss        `json:"loss"`
	Quantile float64     `json:"quantile,omitempty"`
	Features int         `json:"features"`
	Names    []string    `json:"names,omitempty"`
	Base     float64     `json:"base"`
	Trees    []tree.Tree `json:"trees"`
}

// Save writes the model as JSON. What [Load] makes of it predicts the same bits.
func (m *Model) Save(w io.Writer) error {
	f := file{format, version, m.loss, m.quantile, m.trees.Features, m.names, m.trees.Base, m.trees.Trees}
	if err := json.NewEncoder(w).Encode(&f); err != nil {
		return fmt.Errorf("save boosted trees: %w", err)
	}
	return nil
}

// Load reads what [Model.Save] wrote, up to [tree.MaxBytes], and refuses what could not be predicted with.
func Load(r io.Reader) (*Model, error) {
	var f file
	if err := tree.Decode(r, &f); err != nil {
		return nil, refuse("%w", err)
	}
	if f.Format != format || f.Version != version {
		return nil, refuse("format %q, version %d, not %q, version %d", f.Format, f.Version, format, version)
	}
	switch f.Loss {
	case Squared, Logistic:
	case Quantile:
		if !(f.Quantile > 0 && f.Quantile < 1) {
			return nil, refuse("quantile %g", f.Quantile)
		}
	default:
		return nil, refuse("loss %q is unknown", f.Loss)
	}
	if f.Names != nil && len(f.Names) != f.Features {
		return nil, refuse("%d names for %d features", len(f.Names), f.Features)
	}
	m := &Model{f.Loss, f.Quantile, f.Names, tree.Ensemble{Features: f.Features, Base: f.Base, Scale: 1, Trees: f.Trees}}
	if err := m.trees.Validate(); err != nil {
		return nil, refuse("%w", err)
	}
	return m, nil
}

func refuse(format string, args ...any) error {
	return errs.New(errs.BadInput, "load boosted trees: %w", fmt.Errorf(format, args...)).
		WithHint("the file is damaged or no model of this kind: train or import it again")
}
