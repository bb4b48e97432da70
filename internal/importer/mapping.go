package importer

import (
	"crypto/sha256"
	"fmt"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"

	"github.com/fleetms/obdctl/internal/errs"
	"github.com/fleetms/obdctl/internal/obd"
)

// Mapping says how the columns of a table are to be read; docs/importing.md describes the file.
type Mapping struct {
	Delimiter string                   `yaml:"delimiter"` // one character; "" to guess
	Decimal   string                   `yaml:"decimal"`   // "." or ","; "" to guess
	Header    *int                     `yaml:"header"`    // line of the titles, 0 for none, absent to guess
	Skip      int                      `yaml:"skip"`      // lines below the titles that hold no data
	Interval  time.Duration            `yaml:"interval"`  // between rows of a table without a time
	Time      TimeColumn               `yaml:"time"`
	Vehicle   VehicleColumn            `yaml:"vehicle"`
	Trip      string                   `yaml:"trip"` // title
	Columns   map[string]ColumnMapping `yaml:"columns"`
	Others    string                   `yaml:"others"` // "guess" (the default), "keep" or "ignore"

	sum [sha256.Size]byte
}

// TimeColumn says where the time stands.
type TimeColumn struct {
	Column string `yaml:"column"`
	Date   string `yaml:"date"`   // title of a column with the date, where Column has the time of day only
	Format string `yaml:"format"` // "iso", "epoch", "elapsed", "clock", or letters: "dd.MM.yyyy HH:mm:ss"
	Unit   string `yaml:"unit"`   // s, ms, us, ns, min or h, of epoch and elapsed
}

// VehicleColumn says whose the readings are.
type VehicleColumn struct {
	Column string `yaml:"column"`
	VIN    string `yaml:"vin"`
	Label  string `yaml:"label"`
}

// ColumnMapping is what one column holds. In YAML a bare word is the signal.
type ColumnMapping struct {
	Signal string      `yaml:"signal"` // canonical id, or one of your own; "ignore" leaves the column out
	Unit   string      `yaml:"unit"`   // of the cells: °F, mph, psi; "" for what the title says
	Scale  float64     `yaml:"scale"`  // applied before the unit is converted; 0 means 1
	Offset float64     `yaml:"offset"`
	Name   string      `yaml:"name"`
	ECU    obd.Address `yaml:"-"`
	Sender string      `yaml:"ecu"`
}

// UnmarshalYAML reads a bare word as the signal.
func (c *ColumnMapping) UnmarshalYAML(n *yaml.Node) error {
	if n.Kind == yaml.ScalarNode {
		c.Signal = n.Value
		return nil
	}
	type bare ColumnMapping
	if err := n.Decode((*bare)(c)); err != nil {
		return err
	}
	var err error
	if c.ECU, err = obd.ParseAddress(c.Sender); err != nil {
		return fmt.Errorf("line %d: %w", n.Line, err)
	}
	return nil
}

// ParseMapping reads a mapping file; name is for messages. Words that it does not know are errors.
func ParseMapping(name string, data []byte) (*Mapping, error) {
	m := &Mapping{}
	dec := yaml.NewDecoder(strings.NewReader(string(data)))
	dec.KnownFields(true)
	if err := dec.Decode(m); err != nil {
		return nil, mappingError(name, err)
	}
	if err := m.check(); err != nil {
		return nil, mappingError(name, err)
	}
	m.sum = sha256.Sum256(data)
	return m, nil
}

func mappingError(name string, err error) error {
	return errs.New(errs.Usage, "mapping %s: %w", name, err).WithHint("docs/importing.md describes mapping files; --map-only prints one to start from")
}

func (m *Mapping) check() error {
	switch {
	case len(m.Delimiter) > 1:
		return fmt.Errorf("delimiter %q is more than one character", m.Delimiter)
	case m.Decimal != "" && m.Decimal != "." && m.Decimal != ",":
		return fmt.Errorf("decimal %q is neither . nor ,", m.Decimal)
	case m.Header != nil && (*m.Header < 0 || *m.Header > sampleRecords):
		return fmt.Errorf("header must be a line from 0 to %d", sampleRecords)
	case m.Skip < 0 || m.Interval < 0:
		return fmt.Errorf("skip and interval cannot be negative")
	case m.Others != "" && m.Others != "guess" && m.Others != "keep" && m.Others != "ignore":
		return fmt.Errorf("others %q is none of guess, keep, ignore", m.Others)
	}
	if u := m.Time.Unit; u != "" && timeUnit(u) == 0 {
		return fmt.Errorf("time.unit %q is none of s, ms, us, ns, min, h", u)
	}
	if f := m.Time.Format; f != "" {
		if _, err := formatByName(f); err != nil {
			return err
		}
	}
	for title, c := range m.Columns {
		if c.Signal == "" {
			return fmt.Errorf("columns: %q names no signal", title)
		}
		if c.Unit != "" {
			if _, ok := findUnit(c.Unit); !ok {
				return fmt.Errorf("columns: %q: the unit %q is not known", title, c.Unit)
			}
		}
	}
	return nil
}

// column returns what the mapping says about a column, by its title or "#3".
func (m *Mapping) column(title string, index int) (ColumnMapping, bool) {
	if m == nil {
		return ColumnMapping{}, false
	}
	if c, ok := m.Columns[fmt.Sprintf("#%d", index+1)]; ok {
		return c, true
	}
	for t, c := range m.Columns {
		if sameTitle(t, title) {
			return c, true
		}
	}
	return ColumnMapping{}, false
}

// names tells whether a title of the mapping means a column.
func (m *Mapping) names(wanted, title string, index int) bool {
	return m != nil && wanted != "" && (sameTitle(wanted, title) || wanted == fmt.Sprintf("#%d", index+1))
}

func sameTitle(a, b string) bool {
	return strings.EqualFold(strings.TrimSpace(a), strings.TrimSpace(b))
}
