package isolation

import (
	"encoding/json"
	"fmt"
	"io"

	"github.com/fleetms/obdctl/internal/errs"
	"github.com/fleetms/obdctl/internal/predict/tree"
)

const (
	format  = "obdctl/isolation"
	version = 1
)

// file is a forest on disk.
type file struct {
	Format   string      `json:"format"`
	Version  int         `json:"version"`
	Features int         `json:"features"`
	Names    []string    `json:"names,omitempty"`
	Sample   int         `json:"sample"`
	Trees    []tree.Tree `json:"trees"`
}

// Save writes the forest as JSON. What [Load] makes of it scores the same bits.
func (m *Model) Save(w io.Writer) error {
	f := file{format, version, m.trees.Features, m.names, m.sample, m.trees.Trees}
	if err := json.NewEncoder(w).Encode(&f); err != nil {
		return fmt.Errorf("save isolation forest: %w", err)
	}
	return nil
}

// Load reads what [Model.Save] wrote, up to [tree.MaxBytes], and refuses what could not be scored with.
func Load(r io.Reader) (*Model, error) {
	var f file
	if err := tree.Decode(r, &f); err != nil {
		return nil, refuse("%w", err)
	}
	switch {
	case f.Format != format || f.Version != version:
		return nil, refuse("format %q, version %d, not %q, version %d", f.Format, f.Version, format, version)
	case len(f.Trees) == 0 || f.Sample < 2 || f.Sample > maxSample:
		return nil, refuse("%d trees of %d rows", len(f.Trees), f.Sample)
	case f.Names != nil && len(f.Names) != f.Features:
		return nil, refuse("%d names for %d features", len(f.Names), f.Features)
	}
	m := &Model{f.Names, f.Sample, tree.Ensemble{Features: f.Features, Scale: 1 / float64(len(f.Trees)), Trees: f.Trees}}
	if err := m.trees.Validate(); err != nil {
		return nil, refuse("%w", err)
	}
	return m, nil
}

func refuse(format string, args ...any) error {
	return errs.New(errs.BadInput, "load isolation forest: %w", fmt.Errorf(format, args...)).
		WithHint("the file is damaged or no model of this kind: train or import it again")
}
