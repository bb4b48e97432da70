package link

import (
	"slices"

	"github.com/fleetms/obdctl/internal/errs"
	"github.com/fleetms/obdctl/internal/obd"
)

const (
	pgnClearPrevious = 65228 // DM3
	pgnClearActive   = 65235 // DM11
)

// changing are the SAE J1939 parameter groups that change something in a node when they are requested.
var changing = []uint32{
	pgnClearPrevious,
	pgnClearActive,
	49920,          // DM22: clear one code
	55808,          // DM17 and ISO 15765-2: boot load data
	55552,          // DM18: data security
	55296,          // DM14: memory access
	55040,          // DM15
	56832,          // DM16: binary data
	PGNCommandTest, // DM7
	65240,          // commanded address
	57088,          // DM13: stop broadcasts
}

// WithPGN returns the list with SAE J1939 parameter groups added that change something when requested,
// after the person confirmed each.
func (a Allow) WithPGN(pgn ...uint32) Allow {
	a.groups = append(slices.Clone(a.groups), pgn...)
	return a
}

// BehindPGN is [Allow.Behind] for parameter groups of SAE J1939.
func (a Allow) BehindPGN(l *Latch, pgn ...uint32) Allow {
	a.latch = l
	a.latchedGroups = append(slices.Clone(a.latchedGroups), pgn...)
	return a
}

// PermitsPGN tells whether the parameter group may be requested (PGN 59904). Groups that only report pass a
// list that permits reading; those that change something must be on it. Clearing codes (DM11, DM3) is one
// thing whatever the car speaks: it passes where service 04 does.
func (a Allow) PermitsPGN(pgn uint32) bool {
	switch {
	case slices.Contains(a.groups, pgn):
		return true
	case slices.Contains(a.latchedGroups, pgn) && a.latch.open.Load():
		return true
	case pgn == pgnClearActive || pgn == pgnClearPrevious:
		return a.Permits([]byte{byte(obd.ServiceClear)})
	}
	return a.services[obd.ServiceCurrentData] && pgn < 0x30000 && !slices.Contains(changing, pgn)
}

// CheckPGN returns a Denied error for a request that is not permitted.
func (a Allow) CheckPGN(pgn uint32) error {
	if a.PermitsPGN(pgn) {
		return nil
	}
	return errs.New(errs.Denied, "a request of PGN %d is not allowed in read-only mode", pgn).
		WithHint("nothing was sent; commands that change the vehicle ask for an explicit confirmation")
}
