package decode

import (
	"encoding/hex"
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/fleetms/obdctl/internal/can"
	"github.com/fleetms/obdctl/internal/catalog/dtc"
	"github.com/fleetms/obdctl/internal/catalog/spn"
	"github.com/fleetms/obdctl/internal/link"
	"github.com/fleetms/obdctl/internal/obd"
	"github.com/fleetms/obdctl/internal/protocol/j1939"
)

// Group is what a parameter group of SAE J1939 says.
type Group struct {
	Readings []obd.Reading
	Codes    []obd.DTC
	Lamps    *obd.LampStatus
	Fields   any      // a diagnostic or identifying message field by field: [j1939.List], [j1939.DM5] ...
	Text     []string // what is neither value nor code, for people
	Problem  error    // what breaks the standard; what is certain stands in the other fields
}

// lists are the groups that list trouble codes.
var lists = map[uint32]struct {
	name string
	kind obd.CodeKind
}{
	j1939.PGNDM1: {"DM1", obd.Active}, j1939.PGNDM2: {"DM2", obd.PreviouslyActive}, j1939.PGNDM6: {"DM6", obd.Pending},
	j1939.PGNDM12: {"DM12", obd.Stored}, j1939.PGNDM23: {"DM23", obd.PreviouslyActive}, j1939.PGNDM27: {"DM27", obd.Pending},
	j1939.PGNDM28: {"DM28", obd.Permanent}, j1939.PGNDM35: {"DM35", obd.Active},
}

// ParameterGroup decodes one complete message of SAE J1939. method is the SPN conversion method (1 to 3) of
// codes with the conversion bit set; 0 means 3.
func ParameterGroup(book *dtc.Book, g link.ParameterGroup, method uint8) Group {
	var out Group
	if len(g.Data) == 0 {
		return out // a refusal
	}
	out.Fields, out.Problem = j1939.Message(g.PGN, g.Data, method)
	if l, ok := out.Fields.(j1939.List); ok {
		if out.Problem == nil {
			out.list(book, g, l)
		}
		return out
	}
	out.Text = words(out.Fields, g.Source)
	if group := spn.Builtin().Group(g.PGN); group != nil {
		for _, p := range group.Parameters {
			if r, ok := p.Reading(g.Data, g.At, obd.NodeAddress(g.Source)); ok {
				out.Readings = append(out.Readings, r)
			}
		}
	}
	return out
}

func (out *Group) list(book *dtc.Book, g link.ParameterGroup, l j1939.List) {
	ecu := obd.NodeAddress(g.Source)
	as := lists[g.PGN]
	out.Lamps = &obd.LampStatus{ECU: ecu, MIL: l.Lamps.MIL, RedStop: l.Lamps.RedStop, Amber: l.Lamps.Amber, Protect: l.Lamps.Protect}
	for _, c := range l.DTCs {
		number, mode, method, count := c.SPN, c.FMI, c.Method, c.Count
		d := obd.DTC{Code: c.String(), ECU: ecu, Kind: as.kind, List: as.name, SPN: &number, FMI: &mode, Conversion: &method}
		if count != j1939.NoCount {
			d.Occurrences = &count
		}
		book.Fill(&d)
		out.Codes = append(out.Codes, d)
	}
}

func label(pgn uint32) string {
	if g := spn.Builtin().Group(pgn); g != nil {
		return fmt.Sprintf("%d (%s)", pgn, g.Short)
	}
	return fmt.Sprint(pgn)
}

// isTruck tells a 29-bit frame of SAE J1939: one that is not of ISO 15765 and that is broadcast, known by
// the catalogue or of the data link.
func isTruck(f busFrame) (j1939.ID, bool) {
	if !f.from.IsCAN29() || isDiagnostic(f.from) || len(f.data) > 8 {
		return j1939.ID{}, false
	}
	id, ok := j1939.ParseID(can.ID(f.from.ID()) | can.Extended)
	known := !j1939.IsPDU1(id.PGN) || spn.Builtin().Group(id.PGN) != nil
	return id, ok && known
}

// truck decodes a frame of SAE J1939; transfers are put together first.
func (b *bus) truck(s *stream, line string, f busFrame) (told bool, err error) {
	if _, ok := isTruck(f); !ok {
		return false, nil
	}
	if b.node == nil {
		b.node = j1939.NewMachine(j1939.Settings{Passive: true})
		b.lines = map[uint8][]string{}
	}
	at := f.at
	if at.IsZero() {
		at = time.Unix(0, 0) // a log without times: nothing is overdue
	}
	b.node.Advance(at)
	frame := can.Frame{ID: can.ID(f.from.ID()) | can.Extended, Len: uint8(len(f.data))}
	copy(frame.Data[:], f.data)
	b.node.Handle(at, &frame)
	source := uint8(f.from.ID())
	if len(b.lines[source]) < maxLines {
		b.lines[source] = append(b.lines[source], strings.TrimSpace(line))
	}
	groups := b.node.Messages()
	for _, g := range groups {
		if f.at.IsZero() {
			g.At = time.Time{}
		}
		if err := s.send(s.number, strings.Join(b.lines[g.Source], "\n"), b.decoder.group(g)); err != nil {
			return true, err
		}
		delete(b.lines, g.Source)
	}
	return true, nil
}

// GroupMessage is a message of SAE J1939 as it was sent, beside what it means.
type GroupMessage struct {
	PGN         uint32          `json:"pgn"`
	Short       string          `json:"short,omitempty"`
	Source      uint8           `json:"source"`
	Destination uint8           `json:"destination"`
	Priority    uint8           `json:"priority"`
	Data        j1939.Hex       `json:"data"`
	Lamps       *obd.LampStatus `json:"lamps,omitempty"`
	Absent      []obd.Reading   `json:"absent,omitempty"` // parameters without a measurement; their text says why
	Fields      any             `json:"fields,omitempty"` // by message, see docs/schema.md
}

func (d *Decoder) group(g link.ParameterGroup) Result {
	said := ParameterGroup(d.Book, g, d.SPNMethod)
	r := Result{ECUs: []obd.Address{obd.NodeAddress(g.Source)}, Codes: said.Codes, Text: said.Text}
	r.J1939 = &GroupMessage{PGN: g.PGN, Source: g.Source, Destination: g.Destination, Priority: g.Priority, Data: g.Data,
		Lamps: said.Lamps, Fields: said.Fields}
	if known := spn.Builtin().Group(g.PGN); known != nil {
		r.J1939.Short = known.Short
	}
	for _, x := range said.Readings {
		if x.Absent {
			r.J1939.Absent = append(r.J1939.Absent, x)
		} else {
			r.Signals = append(r.Signals, x)
		}
	}
	if g.Err != nil {
		kind := "malformed"
		if errors.Is(g.Err, link.ErrIncomplete) {
			kind = "incomplete"
		}
		r.fail(Failure{Kind: kind, ECU: obd.NodeAddress(g.Source), Message: g.Err.Error()})
	} else if said.Problem != nil {
		r.fail(Failure{Kind: "malformed", ECU: obd.NodeAddress(g.Source), Message: said.Problem.Error()})
	}
	if len(r.Codes) == 0 && len(r.Signals) == 0 && len(r.Text) == 0 && r.Error == nil {
		r.Text = []string{d.bareGroup(g, said.Lamps)}
	}
	return r
}

// bareGroup words a message that says neither code nor value.
func (d *Decoder) bareGroup(g link.ParameterGroup, lamps *obd.LampStatus) string {
	if lamps != nil {
		return fmt.Sprintf("%s: no codes, MIL %s, red stop %s, amber warning %s, protect %s",
			lists[g.PGN].name, lamps.MIL, lamps.RedStop, lamps.Amber, lamps.Protect)
	}
	return "PGN " + label(g.PGN) + ": " + strings.ToUpper(hex.EncodeToString(g.Data))
}

// The lines of an ELM327 in protocol A with headers on: priority, group and source as AT JHF1 prints them,
// or the four bytes of the identifier (AT JHF0).
var (
	elmGroup = regexp.MustCompile(`^\s*([0-7]) ?([0-3][0-9A-F]{4}) ?([0-9A-F]{2}) ((?:[0-9A-F]{2} ?){1,8})\s*$`)
	elmRaw   = regexp.MustCompile(`^\s*([01][0-9A-F]) ([0-9A-F]{2}) ([0-9A-F]{2}) ([0-9A-F]{2})((?: [0-9A-F]{2}){1,8})\s*$`)
)

// parseELM reads a line of AT MA, AT MP or a reply in protocol A. Of the second form only broadcasts and
// transfers are believed: other adapters print ISO 15765 in the same way.
func parseELM(line string) (busFrame, bool) {
	var id uint64
	var data string
	if m := elmGroup.FindStringSubmatch(line); m != nil {
		id, data = number(m[1])<<26|number(m[2]+m[3]), m[4]
	} else if m := elmRaw.FindStringSubmatch(line); m != nil {
		id = number(m[1] + m[2] + m[3] + m[4])
		if format := id >> 16 & 0xFF; format < 0xEB {
			return busFrame{}, false
		}
		data = m[5]
	} else {
		return busFrame{}, false
	}
	b, err := hex.DecodeString(strings.ReplaceAll(data, " ", ""))
	f := busFrame{from: obd.CAN29(uint32(id)), data: b}
	_, ok := isTruck(f)
	return f, ok && err == nil
}

// number reads digits that a pattern matched.
func number(digits string) uint64 {
	n, _ := strconv.ParseUint(digits, 16, 32)
	return n
}
