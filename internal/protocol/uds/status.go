package uds

// Status is the statusOfDTC of a code (annex D.2).
type Status byte

// The bits.
const (
	TestFailed              Status = 1 << iota // the last test failed
	FailedThisCycle                            // failed in this operation cycle
	PendingDTC                                 // failed in this or the last complete operation cycle
	ConfirmedDTC                               // failed often enough to be stored
	NotCompletedSinceClear                     // the test has not run to its end since the codes were cleared
	FailedSinceClear                           // failed since the codes were cleared
	NotCompletedThisCycle                      // the test has not run to its end in this operation cycle
	WarningIndicatorRequest                    // a lamp is asked for
)

var statusNames = [8]string{
	"test failed", "failed this cycle", "pending", "confirmed", "not completed since clear",
	"failed since clear", "not completed this cycle", "warning indicator requested",
}

// Has tells that every bit of the mask is set.
func (s Status) Has(mask Status) bool { return s&mask == mask }

// Names are the set bits in words, from bit 0.
func (s Status) Names() []string {
	var names []string
	for bit, name := range statusNames {
		if s&(1<<bit) != 0 {
			names = append(names, name)
		}
	}
	return names
}

// Severity is the DTCSeverity byte: what the driver should do, and the class of UN GTR No. 5 (annex D.3).
type Severity byte

// The bits of what to do.
const (
	MaintenanceOnly  Severity = 0x20
	CheckAtNextHalt  Severity = 0x40
	CheckImmediately Severity = 0x80
)

// Advice says what the driver should do; "" where nothing is said.
func (s Severity) Advice() string {
	switch {
	case s&CheckImmediately != 0:
		return "check immediately"
	case s&CheckAtNextHalt != 0:
		return "check at next halt"
	case s&MaintenanceOnly != 0:
		return "maintenance only"
	}
	return ""
}

// Class is the class of UN GTR No. 5: "A" (the worst), "B1", "B2", "C", "0" for unclassified, or "".
func (s Severity) Class() string {
	for bit, class := range [5]string{"0", "A", "B1", "B2", "C"} {
		if s&(1<<bit) != 0 {
			return class
		}
	}
	return ""
}
