package life

import (
	"bytes"
	"encoding/json"
	"io"
	"math"

	"github.com/fleetms/obdctl/internal/errs"
	"github.com/fleetms/obdctl/internal/predict/gbdt"
	"github.com/fleetms/obdctl/internal/predict/lstm"
)

// The bounds of a model file: what a hostile one may ask for.
const (
	maxFile     = 64 << 20
	maxChannels = 512 / stepValues
	version     = 1
)

// document is a model on disk, as JSON.
type document struct {
	Version  int       `json:"version"`
	Kind     Kind      `json:"kind"`
	Settings Settings  `json:"settings"`
	Names    []string  `json:"names"`
	Channels []channel `json:"channels"`
	Band     band      `json:"band"`
	Limit    float64   `json:"limit"`
	Members  [][]byte  `json:"members"`
}

// Save writes m as one JSON document.
func (m *Model) Save(w io.Writer) error {
	d := document{Version: version, Kind: m.kind, Settings: m.settings, Names: m.names, Channels: m.channels, Band: m.band, Limit: m.limit}
	for _, one := range m.members {
		b, err := one.save()
		if err != nil {
			return err
		}
		d.Members = append(d.Members, b)
	}
	return json.NewEncoder(w).Encode(d)
}

// Load reads a model that [Model.Save] wrote, at most 64 MiB.
func Load(r io.Reader) (*Model, error) {
	b, err := io.ReadAll(io.LimitReader(r, maxFile+1))
	if err != nil {
		return nil, err
	}
	if len(b) > maxFile {
		return nil, damaged("larger than %d bytes", maxFile)
	}
	var d document
	if err := json.Unmarshal(b, &d); err != nil {
		return nil, damaged("%w", err)
	}
	if d.Version != version {
		return nil, damaged("version %d: this program reads %d", d.Version, version)
	}
	if err := d.Settings.validate(); err != nil {
		return nil, damaged("%w", err)
	}
	if err := d.check(); err != nil {
		return nil, err
	}
	m := &Model{settings: d.Settings, kind: d.Kind, names: d.Names, channels: d.Channels, band: d.Band, limit: d.Limit}
	for _, part := range d.Members {
		one, err := d.member(part)
		if err != nil {
			return nil, damaged("member: %w", err)
		}
		m.members = append(m.members, one)
	}
	return m, nil
}

func (d document) check() error {
	switch {
	case d.Kind != LSTM && d.Kind != Trees:
		return damaged("unknown kind %q", d.Kind)
	case len(d.Channels) == 0 || len(d.Channels) > maxChannels || len(d.Channels) > len(d.Names):
		return damaged("%d channels of %d", len(d.Channels), len(d.Names))
	case len(d.Members) == 0 || len(d.Members) > d.Settings.Members:
		return damaged("%d members", len(d.Members))
	case len(d.Band) == 0 || len(d.Band) > bands:
		return damaged("%d ranges of the interval", len(d.Band))
	case !finite(d.Limit):
		return damaged("limit %v", d.Limit)
	}
	for _, c := range d.Channels {
		if c.At < 0 || c.At >= len(d.Names) || !finite(c.Mean, c.Low, c.High) || !(c.SD > 0) || !finite(c.SD) {
			return damaged("channel %q is out of range", c.Name)
		}
	}
	for _, b := range d.Band {
		if !finite(b.Upto, b.Low, b.High) {
			return damaged("an interval is not finite")
		}
	}
	return nil
}

// member reads one learner, whose shape must be that of the settings.
func (d document) member(b []byte) (member, error) {
	k := len(d.Channels)
	if d.Kind == LSTM {
		n, err := lstm.Load(bytes.NewReader(b))
		if err != nil {
			return nil, err
		}
		c := n.Config()
		if c.Inputs != stepValues*k || c.Steps != d.Settings.Window/d.Settings.Block || len(c.Outputs) != 2 ||
			c.Outputs[0].Loss != lstm.Squared || c.Outputs[1].Loss != lstm.Logistic {
			return nil, damaged("its shape is another")
		}
		return network{n, d.Settings.Cap}, nil
	}
	var two struct{ Life, Risk []byte }
	if err := json.Unmarshal(b, &two); err != nil {
		return nil, err
	}
	t := trees{channels: k, cap: d.Settings.Cap}
	var err error
	if t.life, err = gbdt.Load(bytes.NewReader(two.Life)); err != nil {
		return nil, err
	}
	if t.risk, err = gbdt.Load(bytes.NewReader(two.Risk)); err != nil {
		return nil, err
	}
	if want := (stepValues + 1) * k; t.life.Features() != want || t.risk.Features() != want || t.life.Loss() != gbdt.Squared || t.risk.Loss() != gbdt.Logistic {
		return nil, damaged("its shape is another")
	}
	return t, nil
}

func (n network) save() ([]byte, error) {
	var b bytes.Buffer
	err := n.net.Save(&b)
	return b.Bytes(), err
}

func (t trees) save() ([]byte, error) {
	var life, risk bytes.Buffer
	if err := t.life.Save(&life); err != nil {
		return nil, err
	}
	if err := t.risk.Save(&risk); err != nil {
		return nil, err
	}
	return json.Marshal(struct{ Life, Risk []byte }{life.Bytes(), risk.Bytes()})
}

func finite(v ...float64) bool {
	for _, x := range v {
		if math.IsNaN(x) || math.IsInf(x, 0) {
			return false
		}
	}
	return true
}

func damaged(format string, args ...any) error {
	return errs.New(errs.BadInput, "load model of life: "+format, args...).WithHint("train or import the model again")
}
