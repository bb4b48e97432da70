package registry

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"

	"github.com/google/uuid"

	"github.com/fleetms/obdctl/internal/errs"
	"github.com/fleetms/obdctl/internal/fleet"
	"github.com/fleetms/obdctl/internal/store"
)

// Schema is the version of a model's file. It only grows.
const Schema = "obdctl.model/1"

// maxFile bounds a model's file: the largest weights in base64, and its card.
const maxFile = store.MaxWeights/3*4 + 1<<20

// maxText and maxMetrics bound what a card says.
const (
	maxText    = 2000
	maxMetrics = 100
)

// File is a model on its way from one installation to another.
type File struct {
	Schema  string      `json:"schema"`
	Model   fleet.Model `json:"model"`
	Content []byte      `json:"content"` // the weights, base64
}

// Export writes a model with its weights and its card.
func Export(ctx context.Context, tx store.Tx, id uuid.UUID, w io.Writer) error {
	m, err := tx.Models().Get(ctx, id)
	if err != nil {
		return err
	}
	weights, err := tx.Models().Weights(ctx, m)
	if err != nil {
		return err
	}
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(File{Schema: Schema, Model: m, Content: weights}); err != nil {
		return fmt.Errorf("export model %s: %w", m.Title(), err)
	}
	return nil
}

// Read takes a model's file in and believes nothing of it: its size is bounded, the content must have the hash that the
// entry names, and kinds says which kind of model reads it.
func Read(r io.Reader, kinds []Kind) (File, Kind, error) {
	data, err := io.ReadAll(io.LimitReader(r, maxFile+1))
	if err != nil {
		return File{}, nil, errs.New(errs.BadInput, "read model: %w", err)
	}
	if len(data) > maxFile {
		return File{}, nil, refused("it is larger than %d MiB", maxFile>>20)
	}
	var f File
	dec := json.NewDecoder(bytes.NewReader(data))
	if err := dec.Decode(&f); err != nil {
		return File{}, nil, refused("it is no JSON of a model: %v", err)
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return File{}, nil, refused("something stands behind the model")
	}
	if f.Schema != Schema {
		return File{}, nil, refused("its schema is %.40q, this program reads %s", f.Schema, Schema)
	}
	kind, err := f.check(kinds)
	return f, kind, err
}

func (f File) check(kinds []Kind) (Kind, error) {
	if len(f.Content) == 0 || len(f.Content) > store.MaxWeights {
		return nil, refused("its weights are %d bytes, want 1 to %d", len(f.Content), store.MaxWeights)
	}
	if hash := sha256.Sum256(f.Content); hex.EncodeToString(hash[:]) != f.Model.Weights {
		return nil, refused("its weights differ from their SHA-256: it was cut off or changed on the way")
	}
	for _, text := range []string{f.Model.Algorithm, f.Model.Data, f.Model.DataHash, f.Model.Split, f.Model.CodeVersion} {
		if len(text) > maxText {
			return nil, refused("a text of its card is longer than %d bytes", maxText)
		}
	}
	if len(f.Model.Metrics) > maxMetrics {
		return nil, refused("it has %d figures, at most %d are read", len(f.Model.Metrics), maxMetrics)
	}
	for _, m := range f.Model.Metrics {
		if math.IsNaN(m.Value) || math.IsInf(m.Value, 0) {
			return nil, refused("figure %.40q is no number", m.Name)
		}
	}
	for _, k := range kinds {
		if k.Card().Name != f.Model.Name {
			continue
		}
		if err := k.Check(f.Content); err != nil {
			return nil, refused("its weights cannot be read: %v", err)
		}
		return k, nil
	}
	return nil, refused("no kind of model is called %.40q", f.Model.Name)
}

func refused(format string, args ...any) error {
	return errs.New(errs.BadInput, "import model: "+format, args...).WithHint("export it again where it comes from; nothing was changed")
}

// Import keeps a model that came as a file, as a challenger: it speaks only after it was measured on data of this
// installation. A model of one vehicle needs one here.
func Import(ctx context.Context, tx store.Tx, f File, k Kind, vehicle uuid.UUID) (fleet.Model, error) {
	if k.Card().PerVehicle == (vehicle == uuid.Nil) {
		return fleet.Model{}, wrongScope(k.Card())
	}
	m := f.Model
	m.Mark, m.VehicleID, m.Parent, m.Promoted = fleet.Mark{}, nil, nil, nil
	m.State, m.Imported, m.Verdict = fleet.Challenger, true, "imported; its figures were measured elsewhere"
	m.Limits = k.Card().Limits
	if k.Card().PerVehicle {
		m.VehicleID = &vehicle
	}
	return m, tx.Models().Add(ctx, &m, f.Content)
}
