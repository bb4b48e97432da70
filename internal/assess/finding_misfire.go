package assess

import (
	"fmt"

	"github.com/fleetms/obdctl/internal/obd"
)

// Monitor and test ids of the misfire counters (SAE J1979-DA).
const (
	misfireFirstCylinder = 0xA2
	misfireLastCylinder  = 0xAD
	misfireThisCycle     = 0x0C
	misfireWorthALook    = 10 // single misfires are nothing unusual
)

func misfires(s *obd.Scan) []obd.Finding {
	var found []obd.Finding
	for _, t := range s.Tests {
		if t.MID == nil || *t.MID < misfireFirstCylinder || *t.MID > misfireLastCylinder || t.TID != misfireThisCycle {
			continue
		}
		if !t.Passed || t.Value < misfireWorthALook {
			continue
		}
		cylinder := *t.MID - misfireFirstCylinder + 1
		found = append(found, obd.Finding{ID: fmt.Sprintf("misfire_cylinder%d", cylinder), Severity: low,
			Text: fmt.Sprintf("Cylinder %d misfired %.0f times in this or the last driving cycle, within its limit.", cylinder, t.Value)})
	}
	return found
}
