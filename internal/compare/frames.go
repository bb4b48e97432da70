package compare

import (
	"cmp"
	"slices"

	"github.com/fleetms/obdctl/internal/obd"
)

// FrameChange is what became of one freeze frame, with the conditions that it holds.
type FrameChange struct {
	ECU    obd.Address `json:"ecu,omitzero"`
	Code   string      `json:"code"`
	Change Change      `json:"change"`
	// Renewed tells that a frame which is there in both scans holds other values: the fault came again in between.
	Renewed bool             `json:"renewed,omitempty"`
	Before  *obd.FreezeFrame `json:"before,omitempty"`
	After   *obd.FreezeFrame `json:"after,omitempty"`
}

func frames(before, after *obd.Scan) []FrameChange {
	was, is := byFrame(before.FreezeFrames), byFrame(after.FreezeFrames)
	changes := []FrameChange{}
	for k, f := range was {
		c := FrameChange{ECU: k.ecu, Code: k.code, Before: f, After: is[k], Change: Kept}
		if c.After == nil {
			c.Change = seen(after, Gone)
		} else {
			c.Renewed = differ(f, c.After)
		}
		changes = append(changes, c)
	}
	for k, f := range is {
		if was[k] == nil {
			changes = append(changes, FrameChange{ECU: k.ecu, Code: k.code, After: f, Change: seen(before, New)})
		}
	}
	slices.SortFunc(changes, func(a, b FrameChange) int {
		return cmp.Or(cmp.Compare(order(a.Change), order(b.Change)), cmp.Compare(a.Code, b.Code), cmp.Compare(a.ECU, b.ECU))
	})
	return changes
}

// differ tells that two frames have a signal of which the values are not the same.
func differ(a, b *obd.FreezeFrame) bool {
	return slices.ContainsFunc(a.Readings, func(was obd.Reading) bool {
		i := slices.IndexFunc(b.Readings, func(is obd.Reading) bool { return is.Signal == was.Signal })
		return i >= 0 && !was.Absent && !b.Readings[i].Absent && (was.Value != b.Readings[i].Value || was.Text != b.Readings[i].Text)
	})
}

func seen(s *obd.Scan, c Change) Change {
	if slices.Contains(s.Complete, obd.StepFreeze) {
		return c
	}
	return Blind
}

func byFrame(list []obd.FreezeFrame) map[codeKey]*obd.FreezeFrame {
	all := map[codeKey]*obd.FreezeFrame{}
	for i := range list {
		k := codeKey{list[i].ECU, list[i].Code}
		if all[k] == nil {
			all[k] = &list[i]
		}
	}
	return all
}
