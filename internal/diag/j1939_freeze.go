package diag

import (
	"context"
	"fmt"
	"time"

	"github.com/fleetms/obdctl/internal/link"
	"github.com/fleetms/obdctl/internal/obd"
	"github.com/fleetms/obdctl/internal/protocol/j1939"
)

// freezeFrames reads the expanded frames (DM25), laid out by DM24, and the fixed ones (DM4) of nodes without.
func (j *truck) freezeFrames(ctx context.Context) ([]obd.FreezeFrame, []obd.Unread, error) {
	groups, missed, err := j.ask(ctx, obd.StepFreeze, j1939.PGNDM24, j1939.PGNDM25, j1939.PGNDM4)
	layouts := map[uint8][]j1939.Support{}
	expanded := map[uint8]bool{}
	frames := []obd.FreezeFrame{}
	for _, g := range groups {
		if g.PGN == j1939.PGNDM24 {
			layouts[g.Source], _ = j1939.ParseDM24(g.Data)
		}
	}
	answered := false
	for _, pgn := range []uint32{j1939.PGNDM25, j1939.PGNDM4} {
		for _, g := range groups {
			if g.PGN != pgn || pgn == j1939.PGNDM4 && expanded[g.Source] {
				continue
			}
			answered = true
			found, perr := j1939.ParseFrames(g.Data, j.tester.spnMethod)
			if perr != nil {
				missed = append(missed, j.unread(obd.StepFreeze, g.Source, true, pgn, malformed(perr)))
			}
			for i, f := range found {
				expanded[g.Source] = expanded[g.Source] || pgn == j1939.PGNDM25
				frames = append(frames, j.frame(g, uint8(min(i, 255)), f, layouts[g.Source]))
			}
		}
	}
	byECU(frames, func(f obd.FreezeFrame) obd.Address { return f.ECU })
	var lost []obd.Unread
	for i, m := range missed {
		if m.ECU != 0 || !answered && i == 0 {
			lost = append(lost, m)
		}
	}
	return frames, lost, err
}

func (j *truck) frame(g link.ParameterGroup, index uint8, f j1939.Frame, layout []j1939.Support) obd.FreezeFrame {
	ecu := obd.NodeAddress(g.Source)
	out := obd.FreezeFrame{ECU: ecu, Index: index, Code: f.DTC.String(), Readings: []obd.Reading{}}
	if g.PGN == j1939.PGNDM4 {
		out.Readings = j.basic(f, g.At, ecu)
		return out
	}
	fields, rest := j1939.Fields(layout, f.Data)
	for _, field := range fields {
		out.Readings = append(out.Readings, j.field(field, g.At, ecu))
	}
	if len(rest) > 0 {
		out.Readings = append(out.Readings, obd.Reading{At: obd.Stamp(g.At), ECU: ecu, Signal: "RAW", Name: "Bytes without a layout", Text: fmt.Sprintf("%X", rest)})
	}
	return out
}

func (j *truck) field(f j1939.Field, at time.Time, ecu obd.Address) obd.Reading {
	if p := j.book.Parameter(f.SPN); p != nil {
		return p.FromField(f.Data, at, ecu)
	}
	return obd.Reading{At: obd.Stamp(at), ECU: ecu, Signal: fmt.Sprintf("SPN%d", f.SPN), Text: fmt.Sprintf("%X", f.Data)}
}

// basic names the fixed parameters of DM4.
func (j *truck) basic(f j1939.Frame, at time.Time, ecu obd.Address) []obd.Reading {
	b, err := f.Basic()
	if err != nil {
		return []obd.Reading{}
	}
	var out []obd.Reading
	for _, v := range []struct {
		spn uint32
		q   j1939.Quantity
	}{{102, b.Boost}, {190, b.Speed}, {92, b.Load}, {110, b.Coolant}, {84, b.VehicleSpd}} {
		if p := j.book.Parameter(v.spn); p != nil {
			out = append(out, p.FromRaw(v.q.Raw, at, ecu))
		}
	}
	if p := j.book.Parameter(899); p != nil {
		out = append(out, p.FromRaw(uint64(b.TorqueMode), at, ecu))
	}
	return out
}
