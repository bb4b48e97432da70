package text

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/fleetms/obdctl/internal/obd"
)

// GroupLine is one parameter group of SAE J1939 with what it says.
type GroupLine struct {
	PGN      uint32
	Short    string
	Source   uint8
	Data     string
	Readings []obd.Reading
	Codes    []obd.DTC
	Lamps    *obd.LampStatus
	Text     []string
	Error    string
}

// Groups lays out parameter groups: each with its values under it.
func Groups(groups []GroupLine, o Options) *Page {
	p := NewPage(o.Width)
	for _, g := range groups {
		title := fmt.Sprintf("PGN %d", g.PGN)
		if g.Short != "" {
			title += " " + g.Short
		}
		p.Section(title, C("from address %d", g.Source))
		if g.Error != "" {
			p.Line(2, T(Warn, "%s", g.Error))
		}
		for _, s := range g.Text {
			p.Line(2, C("%s", Printable(s)))
		}
		if g.Lamps != nil {
			p.Line(2, C("MIL %s, red stop %s, amber warning %s, protect %s", g.Lamps.MIL, g.Lamps.RedStop, g.Lamps.Amber, g.Lamps.Protect))
		}
		var rows [][]Cell
		for _, c := range g.Codes {
			rows = append(rows, []Cell{T(Strong, "%s", c.Code), C("%s", c.Description)})
		}
		absent := 0
		for _, r := range g.Readings {
			if r.Absent {
				absent++
				continue
			}
			rows = append(rows, []Cell{T(Strong, "%s", r.Signal), R("%s", groupValue(r)), C("%s", r.Name)})
		}
		p.Table(2, rows)
		if absent > 0 && len(rows) > 0 {
			p.Line(2, T(Faint, "%d more are not available", absent))
		}
		if len(rows) == 0 && len(g.Text) == 0 && g.Error == "" && g.Lamps == nil {
			p.Line(2, T(Faint, "%s", g.Data))
		}
	}
	return p
}

func groupValue(r obd.Reading) string {
	if r.Text != "" {
		return Printable(r.Text)
	}
	return strings.TrimSpace(fmt.Sprintf("%.10g %s", r.Value, r.Unit))
}

// Node is one address on a network, as JSON has it too.
type Node struct {
	Address   uint8  `json:"address"`
	Usual     string `json:"usual,omitempty"` // whose preferred address it is
	Name      string `json:"name,omitempty"`  // the NAME, sixteen hexadecimal digits
	Function  string `json:"function,omitempty"`
	Maker     string `json:"maker,omitempty"`
	Industry  string `json:"industry,omitempty"`
	Identity  uint32 `json:"identity,omitempty"`
	Instance  uint8  `json:"instance,omitempty"`
	Arbitrary bool   `json:"arbitrary_address"`
}

// Nodes lays out the nodes of a network.
func Nodes(nodes []Node, o Options) *Page {
	p := NewPage(o.Width)
	p.Section("Nodes", C("%d", len(nodes)))
	var rows [][]Cell
	for _, n := range nodes {
		who := n.Function
		if who == "" {
			who = n.Usual
		}
		maker := n.Maker
		if n.Name == "" {
			maker = "no claim was heard"
		}
		rows = append(rows, []Cell{{Text: fmt.Sprint(n.Address), Tone: Strong, Right: true}, C("%s", who), C("%s", maker)})
	}
	p.Table(2, rows)
	return p
}

// Parameter is one suspect parameter, as JSON has it too.
type Parameter struct {
	SPN       uint32            `json:"spn"`
	ID        string            `json:"id"`
	Short     string            `json:"short,omitempty"`
	Name      string            `json:"name"`
	PGN       uint32            `json:"pgn,omitempty"`
	Group     string            `json:"group,omitempty"`
	GroupName string            `json:"group_name,omitempty"`
	RateMS    int               `json:"rate_ms,omitempty"`
	Byte      int               `json:"byte,omitempty"` // from 1
	Bit       int               `json:"bit,omitempty"`  // from 1
	Bits      int               `json:"bits,omitempty"`
	Scale     *float64          `json:"scale,omitempty"`
	Offset    *float64          `json:"offset,omitempty"`
	Min       *float64          `json:"min,omitempty"`
	Max       *float64          `json:"max,omitempty"`
	Unit      string            `json:"unit,omitempty"`
	Kind      string            `json:"kind,omitempty"`
	States    map[uint64]string `json:"states,omitempty"`
}

// Parameters lays out suspect parameters, one line each or with all that is known.
func Parameters(list []Parameter, details bool, o Options) *Page {
	p := NewPage(o.Width)
	if !details {
		var rows [][]Cell
		for _, x := range list {
			id := x.ID
			if x.Short != "" {
				id = x.Short
			}
			rows = append(rows, []Cell{{Text: fmt.Sprint(x.SPN), Tone: Strong, Right: true}, C("%s", id), C("%s", x.Group), C("%s", x.Name)})
		}
		p.Table(0, rows)
		return p
	}
	for _, x := range list {
		p.Section(fmt.Sprintf("SPN %d", x.SPN), C("%s", x.Name))
		p.Table(2, parameterRows(x))
	}
	return p
}

func parameterRows(x Parameter) [][]Cell {
	rows := [][]Cell{{C("signal"), C("%s", strings.TrimSpace(x.ID+" "+x.Short))}}
	add := func(name, format string, args ...any) {
		rows = append(rows, []Cell{C("%s", name), C(format, args...)})
	}
	if x.PGN > 0 {
		rate := "on request"
		if x.RateMS > 0 {
			rate = fmt.Sprintf("every %d ms", x.RateMS)
		}
		add("group", "PGN %d %s (%s), %s", x.PGN, x.Group, x.GroupName, rate)
		add("position", "byte %d, bit %d, %d bits", x.Byte, x.Bit, x.Bits)
	}
	if x.Scale != nil {
		add("value", "raw * %g + %g, from %g to %g %s", *x.Scale, *x.Offset, *x.Min, *x.Max, x.Unit)
	}
	for _, raw := range slices.Sorted(maps.Keys(x.States)) {
		add(fmt.Sprintf("%d", raw), "%s", x.States[raw])
	}
	return rows
}
