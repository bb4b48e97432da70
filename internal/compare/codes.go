package compare

import (
	"cmp"
	"slices"

	"github.com/fleetms/obdctl/internal/obd"
)

// CodeChange is what became of one code of one ECU over all lists that it stood in.
type CodeChange struct {
	Code        string         `json:"code"`
	ECU         obd.Address    `json:"ecu,omitzero"`
	Change      Change         `json:"change"`
	Before      []obd.CodeKind `json:"before"` // the lists that held it
	After       []obd.CodeKind `json:"after"`
	Description string         `json:"description,omitempty"`
	Severity    string         `json:"severity,omitempty"`
	// Remains tells that only the permanent list still holds it: it leaves that list by itself when the
	// monitor has passed in a later drive (SAE J1979, service 0A), and no tool can clear it.
	Remains bool `json:"permanent_only,omitempty"`
}

type codeKey struct {
	ecu  obd.Address
	code string
}

func byCode(list []obd.DTC) map[codeKey][]obd.DTC {
	all := map[codeKey][]obd.DTC{}
	for _, c := range list {
		k := codeKey{c.ECU, c.Code}
		all[k] = append(all[k], c)
	}
	return all
}

func kinds(list []obd.DTC) []obd.CodeKind {
	all := []obd.CodeKind{}
	for _, c := range list {
		if !slices.Contains(all, c.Kind) {
			all = append(all, c.Kind)
		}
	}
	return all
}

func codes(before, after *obd.Scan) []CodeChange {
	was, is := byCode(before.Codes), byCode(after.Codes)
	changes := []CodeChange{}
	for k, list := range was {
		changes = append(changes, change(k, list, is[k], silent(k.ecu, after) || lost(kinds(list), after)))
	}
	for k, list := range is {
		if _, there := was[k]; !there {
			changes = append(changes, change(k, nil, list, silent(k.ecu, before) || lost(kinds(list), before)))
		}
	}
	slices.SortFunc(changes, func(a, b CodeChange) int {
		return cmp.Or(cmp.Compare(order(a.Change), order(b.Change)), cmp.Compare(a.Code, b.Code), cmp.Compare(a.ECU, b.ECU))
	})
	return changes
}

// change sorts one code; blind tells that the scan that lacks it could not read all of its lists, or did not meet its ECU.
func change(k codeKey, before, after []obd.DTC, blind bool) CodeChange {
	c := CodeChange{Code: k.code, ECU: k.ecu, Before: kinds(before), After: kinds(after)}
	for _, d := range slices.Concat(before, after) {
		c.Description, c.Severity = cmp.Or(c.Description, d.Description), cmp.Or(c.Severity, d.Severity)
	}
	switch {
	case len(before) > 0 && len(after) > 0:
		c.Change = Kept
		c.Remains = onlyPermanent(c.After) && !onlyPermanent(c.Before)
	case blind:
		c.Change = Blind
	case len(before) > 0:
		c.Change = Gone
	default:
		c.Change = New
	}
	return c
}

func onlyPermanent(k []obd.CodeKind) bool { return len(k) == 1 && k[0] == obd.Permanent }

// lost tells that a scan could not read one of the lists in full, and thus says nothing by its silence.
func lost(lists []obd.CodeKind, s *obd.Scan) bool {
	return slices.ContainsFunc(lists, func(k obd.CodeKind) bool {
		return !slices.Contains(s.Complete, stepOf(k))
	})
}

// silent tells that a scan met control units and this one was not among them: it may be unplugged, its codes with it.
func silent(ecu obd.Address, s *obd.Scan) bool {
	return len(s.ECUs) > 0 && !slices.ContainsFunc(s.ECUs, func(u obd.ECU) bool { return u.Address == ecu })
}

func stepOf(k obd.CodeKind) obd.Step {
	switch k {
	case obd.Pending:
		return obd.StepPending
	case obd.Permanent:
		return obd.StepPermanent
	}
	return obd.StepStored
}

func order(c Change) int { return slices.Index([]Change{New, Kept, Blind, Gone}, c) }
