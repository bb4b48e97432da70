package diag

import (
	"context"
	"fmt"
	"time"

	"github.com/fleetms/obdctl/internal/catalog"
	"github.com/fleetms/obdctl/internal/link"
	"github.com/fleetms/obdctl/internal/obd"
	"github.com/fleetms/obdctl/internal/protocol/uds"
)

// freezeFrames reads the snapshots of every code that the lists named (19 04, all records).
func (u *udsCar) freezeFrames(ctx context.Context) ([]obd.FreezeFrame, []obd.Unread, error) {
	var missed []obd.Unread
	if len(u.seen) == 0 {
		for _, kind := range []obd.CodeKind{obd.Stored, obd.Pending} {
			_, lost, err := u.codes(ctx, kind)
			for _, m := range lost {
				m.Step = obd.StepFreeze
				missed = append(missed, m)
			}
			if err != nil {
				return []obd.FreezeFrame{}, missed, err
			}
		}
	}
	frames := []obd.FreezeFrame{}
	deaf := map[obd.Address]bool{} // ECUs without snapshots
	for _, c := range u.seen {
		if deaf[c.ecu] {
			continue
		}
		found, lost, err := u.framesOf(ctx, c)
		frames, missed = append(frames, found...), append(missed, lost...)
		deaf[c.ecu] = len(lost) > 0 && lost[0].NRC != nil && (*lost[0].NRC == nrcServiceUnknown || *lost[0].NRC == 0x12)
		if err != nil {
			return frames, missed, err
		}
	}
	byECU(frames, func(f obd.FreezeFrame) obd.Address { return f.ECU })
	byECU(missed, func(m obd.Unread) obd.Address { return m.ECU })
	return frames, missed, nil
}

// framesOf reads the snapshots of one code. An ECU that knows none of it says "out of range": no loss.
func (u *udsCar) framesOf(ctx context.Context, c seenCode) ([]obd.FreezeFrame, []obd.Unread, error) {
	request := uds.DTCDetail(uds.SnapshotByDTC, c.code, uds.AllRecords)
	replies, missed, err := u.askOne(ctx, obd.StepFreeze, c.ecu, request)
	if len(missed) == 1 && missed[0].NRC != nil && *missed[0].NRC == 0x31 {
		missed = nil
	}
	var frames []obd.FreezeFrame
	for _, r := range replies {
		reply, perr := u.snapshots(ctx, request, r)
		if perr != nil {
			missed = append(missed, unread(obd.StepFreeze, r.ECU, request, malformed(perr)))
		}
		report, ok := reply.Data.(*uds.DTCReport)
		if !ok || reply.Unexpected {
			continue
		}
		for _, d := range report.DTCs {
			for _, s := range d.Snapshots {
				frame := obd.FreezeFrame{ECU: r.ECU, Index: s.Record, Code: codeText(c), Readings: []obd.Reading{}}
				for _, item := range s.Items {
					frame.Readings = append(frame.Readings, u.reading(item, r.At, r.ECU)...)
				}
				frames = append(frames, frame)
			}
		}
	}
	return frames, missed, err
}

// snapshots interprets a reply; where the length of an identifier inside is not known the ECU is asked for it,
// because its data now is as long as it was then.
func (u *udsCar) snapshots(ctx context.Context, request []byte, r link.Reply) (uds.Reply, error) {
	for range maxOwnDIDs {
		reply, err := u.knowledge(r.ECU).Interpret(request, r.Data)
		did, open := unsplit(reply)
		if !open || ctx.Err() != nil || len(u.lengths) >= maxOwnDIDs {
			return reply, err
		}
		id := ownDID{r.ECU, did}
		answers, _, _ := u.askOne(ctx, obd.StepFreeze, r.ECU, uds.ReadDIDs(did))
		if len(answers) != 1 || len(answers[0].Data) < 4 {
			return reply, err
		}
		u.lengths[id] = len(answers[0].Data) - 3
	}
	return u.knowledge(r.ECU).Interpret(request, r.Data)
}

// maxOwnDIDs bounds the lengths that are learned.
const maxOwnDIDs = 64

// unsplit finds an identifier with data behind it that may be another's.
func unsplit(reply uds.Reply) (did uint16, found bool) {
	report, ok := reply.Data.(*uds.DTCReport)
	if !ok {
		return 0, false
	}
	for _, d := range report.DTCs {
		for _, s := range d.Snapshots {
			for _, i := range s.Items {
				if i.Unsplit {
					return i.DID, true
				}
			}
		}
	}
	return 0, false
}

func codeText(c seenCode) string {
	if c.format == uds.FormatJ1939 {
		return c.code.Text(c.format)
	}
	return c.code.Code()
}

// reading decodes an identifier by the catalogue: PIDs behind F4xx, the maker's own as they are. What the
// catalogue does not know stays as bytes.
func (u *udsCar) reading(item uds.Identifier, at time.Time, ecu obd.Address) []obd.Reading {
	var c *catalog.Command
	if item.DID>>8 == didPID {
		c = u.tester.catalog.Command(obd.ServiceCurrentData, item.DID&0xFF)
	} else {
		c = u.tester.catalog.Command(obd.ServiceReadByID, item.DID)
	}
	if c != nil {
		if values, err := c.Decode(nil, item.Data); err == nil || len(values) > 0 {
			return appendReadings(nil, values, at, ecu)
		}
	}
	return []obd.Reading{{
		At: obd.Stamp(at), ECU: ecu, Signal: fmt.Sprintf("DID_%04X", item.DID), Text: item.Data.String(),
	}}
}
