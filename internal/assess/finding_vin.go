package assess

import (
	"fmt"
	"strings"

	"github.com/fleetms/obdctl/internal/obd"
)

// vins compares the VINs of the ECUs: a difference tells of a part from another car.
func vins(s *obd.Scan) []obd.Finding {
	var said []string
	first, differ := "", false
	for _, e := range s.ECUs {
		if len(e.VIN) != 17 {
			continue
		}
		if first == "" {
			first = e.VIN
		}
		differ = differ || e.VIN != first
		said = append(said, fmt.Sprintf("%s says %s", e.Address, e.VIN))
	}
	var found []obd.Finding
	if differ {
		found = one("vin_mismatch", medium, "The ECUs disagree about the VIN: "+strings.Join(said, ", ")+
			"; one may come from another car.")
	}
	if s.Vehicle.CheckDigit == "invalid" {
		found = append(found, one("vin_check_digit", info, "The check digit of VIN "+s.Vehicle.VIN+" does not fit.")...)
	}
	return found
}
