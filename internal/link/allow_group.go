package link

import (
	"slices"

	"github.com/fleetms/obdctl/internal/errs"
)

// changing are the SAE J1939 parameter groups that change something in a node when they are requested.
var changing = []uint32{
	65228, // DM3: clear previously active codes
	65235, // DM11: clear active codes
	49920, // DM22: clear one code
	55808, // DM17 and ISO 15765-2: boot load data
	55552, // DM18: data security
	55296, // DM14: memory access
	55040, // DM15
	56832, // DM16: binary data
	58112, // DM7: command a test
	65240, // commanded address
	57088, // DM13: stop broadcasts
}

// WithPGN returns the list with SAE J1939 parameter groups added that change something when requested,
// after the person confirmed each.
func (a Allow) WithPGN(pgn ...uint32) Allow {
	a.groups = append(slices.Clone(a.groups), pgn...)
	return a
}

// PGNBehind returns the list with parameter groups added that are permitted only while the latch is open.
func (a Allow) PGNBehind(l *Latch, pgn ...uint32) Allow {
	a.latch = l
	a.held = append(slices.Clone(a.held), pgn...)
	return a
}

// PermitsPGN tells whether the parameter group may be requested (PGN 59904). Groups that only report pass a
// list that permits anything at all; those that change something must be on it.
func (a Allow) PermitsPGN(pgn uint32) bool {
	if slices.Contains(a.groups, pgn) || slices.Contains(a.held, pgn) && a.latch != nil && a.latch.open.Load() {
		return true
	}
	return a.services[0x01] && pgn < 0x30000 && !slices.Contains(changing, pgn)
}

// CheckPGN returns a Denied error for a request that is not permitted.
func (a Allow) CheckPGN(pgn uint32) error {
	if a.PermitsPGN(pgn) {
		return nil
	}
	return errs.New(errs.Denied, "a request of PGN %d is not allowed in read-only mode", pgn).
		WithHint("nothing was sent; commands that change the vehicle ask for an explicit confirmation")
}
