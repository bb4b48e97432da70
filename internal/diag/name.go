package diag

import (
	"context"
	"slices"

	"github.com/fleetms/obdctl/internal/link"
	"github.com/fleetms/obdctl/internal/obd"
)

// An adapter that does not show headers gives answers without an address. As long as no ECU is known by
// its address such answers are kept as those of one unknown ECU (the zero address). Once some are, the
// ECUs that answered are asked one by one.

// heard remembers an ECU that answered. A known address takes the place of the unknown one.
func (t *Tester) heard(ecu obd.Address) {
	if ecu == obd.Functional && len(t.ecus) > 0 {
		return
	}
	if ecu != obd.Functional {
		t.ecus = slices.DeleteFunc(t.ecus, isUnknown)
	}
	if i, found := slices.BinarySearch(t.ecus, ecu); !found {
		t.ecus = slices.Insert(t.ecus, i, ecu)
	}
}

func isUnknown(ecu obd.Address) bool { return ecu == obd.Functional }

func isAnonymous(r link.Reply) bool { return isUnknown(r.ECU) }

// name finds out whose the answers without an address are.
func (t *Tester) name(ctx context.Context, q question, replies []link.Reply) []link.Reply {
	known := slices.DeleteFunc(slices.Clone(t.ecus), isUnknown)
	if q.target != obd.Functional || !t.isCAN() || len(known) == 0 || !slices.ContainsFunc(replies, isAnonymous) {
		return replies
	}
	if len(known) == 1 && len(replies) == 1 {
		replies[0].ECU = known[0]
		return replies
	}
	named := slices.DeleteFunc(slices.Clone(replies), isAnonymous)
	for _, ecu := range known {
		if slices.ContainsFunc(named, func(r link.Reply) bool { return r.ECU == ecu }) {
			continue
		}
		alone := q
		alone.target, alone.frames = ecu, 0
		answers, err := t.send(ctx, alone)
		if ended(ctx, err) != nil {
			break
		}
		for _, r := range answers {
			if r.ECU = ecu; len(named) < len(known) {
				named = append(named, r)
			}
		}
	}
	if len(named) == 0 {
		return replies
	}
	return named
}
