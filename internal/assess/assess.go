// Package assess says what a scan means: inspection verdict, recently cleared codes, drive-cycle coach, tests close
// to their limit, and other things worth a look.
//
// It knows nothing but the words of [obd.Scan] and invents nothing: each sentence carries the numbers it rests on,
// and what could not be read is unknown, not good. Thresholds stand as constants beside their rule.
package assess

import "github.com/fleetms/obdctl/internal/obd"

// Scan assesses a scan; it does not change it.
func Scan(s *obd.Scan) obd.Assessment {
	return obd.Assessment{
		Inspection:      Inspection(s),
		RecentlyCleared: RecentlyCleared(s),
		Coach:           Coach(s),
		CloseToLimit:    CloseCalls(s),
		Findings:        Findings(s),
	}
}
