package assess

import (
	"fmt"
	"math"

	"github.com/fleetms/obdctl/internal/obd"
)

// Fuel trims in %. ECUs set P0171 to P0175 at about 25 in sum.
const (
	trimLong = 10 // learned correction worth a look
	trimSum  = 15 // both corrections together
	trimHigh = 20
	trimEnd  = 99 // the ends of the scale stand for "no value"
)

// fuelTrim looks at each bank's corrections: positive adds fuel to a lean mixture, negative takes it away.
func fuelTrim(s *obd.Scan) []obd.Finding {
	var found []obd.Finding
	for bank := 1; bank <= 4; bank++ {
		long, ok := trim(s, fmt.Sprintf("LONGFT%d", bank))
		if !ok {
			continue
		}
		short, hasShort := trim(s, fmt.Sprintf("SHRTFT%d", bank))
		if running, _ := engine(s); !running || !closedLoop(s, bank) {
			short, hasShort = 0, false // nothing is corrected now; the learned value stays
		}
		sum := long + short
		if math.Abs(long) < trimLong && math.Abs(sum) < trimSum || math.Abs(sum) < trimLong {
			continue
		}
		text := fmt.Sprintf("long-term fuel trim is %+.1f %%", long)
		if hasShort {
			text += fmt.Sprintf(", short-term %+.1f %%", short)
		}
		found = append(found, trimFinding(bank, sum, text))
	}
	return found
}

func trimFinding(bank int, sum float64, text string) obd.Finding {
	side, why := "lean", "the mixture is lean: look for unmetered air, low fuel pressure or a dirty air flow sensor"
	if sum < 0 {
		side, why = "rich", "the mixture is rich: look for leaking injectors, high fuel pressure or a full EVAP canister"
	}
	severity := medium
	if math.Abs(sum) >= trimHigh {
		severity = high
	}
	return obd.Finding{ID: fmt.Sprintf("trim_%s_bank%d", side, bank), Severity: severity,
		Text: fmt.Sprintf("Bank %d %s; %s.", bank, text, why)}
}

func trim(s *obd.Scan, signal string) (float64, bool) {
	v, ok := value(s, signal)
	return v, ok && math.Abs(v) < trimEnd
}

// closedLoop tells that the bank's fuel system is not known to run in open loop. Many engines with two banks have
// one fuel system, and say OFF of the second.
func closedLoop(s *obd.Scan, bank int) bool {
	states := readings(s, "FUELSYS1")
	if second := readings(s, "FUELSYS2"); bank%2 == 0 && len(second) > 0 && second[0].Text != "OFF" {
		states = second
	}
	for _, r := range states {
		if r.Text != "" && r.Text != "CL" && r.Text != "CL-Fault" {
			return false
		}
	}
	return true
}
