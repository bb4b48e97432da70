package screen

import (
	"cmp"
	"slices"

	"github.com/fleetms/obdctl/internal/obd"
	"github.com/fleetms/obdctl/tui/theme"
)

// Fault is one trouble code of one control unit with every list that holds it.
type Fault struct {
	obd.DTC
	Kinds    []obd.CodeKind
	Severity theme.Severity
}

// Faults joins the lists of a scan: what is there now first, then by severity.
func Faults(codes []obd.DTC) []Fault {
	var out []Fault
	for _, d := range codes {
		i := slices.IndexFunc(out, func(f Fault) bool {
			return f.Code == d.Code && f.ECU == d.ECU && sameByte(f.FailureType, d.FailureType)
		})
		if i < 0 {
			i = len(out)
			out = append(out, Fault{DTC: d, Severity: theme.SeverityOf(d.Severity)})
		}
		if !slices.Contains(out[i].Kinds, d.Kind) {
			out[i].Kinds = append(out[i].Kinds, d.Kind)
		}
	}
	slices.SortStableFunc(out, func(a, b Fault) int {
		return cmp.Or(cmp.Compare(a.after(), b.after()), cmp.Compare(b.Severity, a.Severity), cmp.Compare(a.Code, b.Code))
	})
	return out
}

// after is 0 for a fault that is there now.
func (f Fault) after() int {
	if slices.Contains(f.Kinds, obd.Stored) || slices.Contains(f.Kinds, obd.Active) {
		return 0
	}
	return 1
}

func sameByte(a, b *uint8) bool { return a == nil && b == nil || a != nil && b != nil && *a == *b }

// Has tells that a step of a scan was read in full.
func (s Scan) Has(step obd.Step) bool { return s.Scan != nil && slices.Contains(s.Scan.Complete, step) }
