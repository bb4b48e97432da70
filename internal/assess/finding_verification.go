package assess

import (
	"fmt"
	"strings"

	"github.com/fleetms/obdctl/internal/obd"
)

// verification names calibrations without a verification number (CVN), though the ECU gives such numbers: it may not
// have computed them yet, or the software was changed.
func verification(s *obd.Scan) []obd.Finding {
	if !wasRead(s, obd.StepInfo) {
		return nil
	}
	var found []obd.Finding
	for _, e := range s.ECUs {
		var missing []string
		has := false
		for _, c := range e.Calibrations {
			if c.CVN == "" && c.ID != "" {
				missing = append(missing, c.ID)
			}
			has = has || c.CVN != "" && c.CVN != "00000000"
			if c.CVN == "00000000" {
				missing = append(missing, c.ID)
			}
		}
		if len(missing) > 0 && (has || wasAsked(s, e)) {
			found = append(found, obd.Finding{ID: "cvn_missing", Severity: low,
				Text: fmt.Sprintf("ECU %s gives no verification number for calibration %s.", e.Address, strings.Join(missing, ", "))})
		}
	}
	return found
}

// wasAsked tells that the ECU was asked for its numbers and refused to give any now.
func wasAsked(s *obd.Scan, e obd.ECU) bool {
	for _, c := range e.Calibrations {
		if c.CVN == "00000000" {
			return true
		}
	}
	for _, u := range s.Unread {
		if u.ECU == e.Address && u.Request == "0906" && u.Reason != obd.NotSupported {
			return true
		}
	}
	return false
}
