package assess

import (
	"fmt"
	"slices"
	"strings"

	"github.com/fleetms/obdctl/internal/obd"
)

// silentECUs names ECUs that answered some requests and fell silent on others that they ought to know.
func silentECUs(s *obd.Scan) []obd.Finding {
	var order []obd.Address
	steps := map[obd.Address][]string{}
	for _, u := range s.Unread {
		if u.ECU == obd.Functional || !isSilence(u.Reason) {
			continue
		}
		if !slices.Contains(order, u.ECU) {
			order = append(order, u.ECU)
		}
		if step := strings.ReplaceAll(string(u.Step), "_", " "); !slices.Contains(steps[u.ECU], step) {
			steps[u.ECU] = append(steps[u.ECU], step)
		}
	}
	var found []obd.Finding
	for _, ecu := range order {
		found = append(found, obd.Finding{ID: "ecu_silent", Severity: medium,
			Text: fmt.Sprintf("ECU %s gave no complete answer about: %s.", ecu, strings.Join(steps[ecu], ", "))})
	}
	return found
}

func isSilence(r obd.Reason) bool {
	return r == obd.NoReply || r == obd.StillPending || r == obd.Incomplete
}
