package text

import (
	"strings"

	"github.com/fleetms/obdctl/internal/link"
)

// Condition is an adapter's complaint in its canonical spelling. Internal errors keep their number
// ("ERR94").
type Condition string

// The conditions of the ELM327 (data sheet, "Error Messages and Alerts"), of the STN family and of clones.
const (
	None            Condition = ""
	Rejected        Condition = "?"                 // the adapter does not understand the command
	NoData          Condition = "NO DATA"           // nobody answered in time
	UnableToConnect Condition = "UNABLE TO CONNECT" // no protocol fits
	BusBusy         Condition = "BUS BUSY"
	BusError        Condition = "BUS ERROR"
	BusInitError    Condition = "BUS INIT ERROR" // the K-line did not wake up
	BusInit         Condition = "BUS INIT"       // the init began and its outcome was not told
	CANError        Condition = "CAN ERROR"
	BufferFull      Condition = "BUFFER FULL" // lines were lost: the serial speed is too low
	DataError       Condition = "DATA ERROR"  // wrong checksum or length
	RxError         Condition = "RX ERROR"
	Stopped         Condition = "STOPPED" // a byte came while the adapter was busy
	LVReset         Condition = "LV RESET"
	LPAlert         Condition = "LP ALERT" // about to sleep
	ActAlert        Condition = "ACT ALERT"
	FBError         Condition = "FB ERROR" // the line does not follow the adapter's output
	FCRxTimeout     Condition = "FC RX TIMEOUT"
	NotConnected    Condition = "NOT CONNECTED"
	OutOfMemory     Condition = "OUT OF MEMORY"
	UARTOverflow    Condition = "UART RX OVERFLOW"
	GeneralError    Condition = "ERROR" // a clone that says no more
)

// phrases lists the conditions from the most serious on, each without blanks, as some clones print them.
var phrases = [...]struct {
	squeezed  string
	condition Condition
}{
	{"LVRESET", LVReset},
	{"LPALERT", LPAlert},
	{"NOTCONNECTED", NotConnected},
	{"STOPPED", Stopped},
	{"BUFFERFULL", BufferFull},
	{"OUTOFMEMORY", OutOfMemory},
	{"UARTRXOVERFLOW", UARTOverflow},
	{"UNABLETOCONNECT", UnableToConnect},
	{"BUSINITERROR", BusInitError},
	{"BUSBUSY", BusBusy},
	{"BUSERROR", BusError},
	{"CANERROR", CANError},
	{"FBERROR", FBError},
	{"FCRXTIMEOUT", FCRxTimeout},
	{"RXERROR", RxError},
	{"DATAERROR", DataError},
	{"ERROR", GeneralError},
	{"NODATA", NoData},
	{"?", Rejected},
	{"BUSINIT", BusInit},
	{"ACTALERT", ActAlert},
}

// internalRank puts ERRxx behind the resets: the adapter itself is in doubt.
const internalRank = 3

func (c Condition) rank() int {
	for i, p := range phrases {
		if p.condition == c {
			return i
		}
	}
	return internalRank
}

// Internal tells an internal error of the adapter, ERR00 to ERR99.
func (c Condition) Internal() bool {
	return len(c) == 5 && strings.HasPrefix(string(c), "ERR") && isDigit(c[3]) && isDigit(c[4])
}

// Err returns the condition as an error: nil for None, link.ErrNoReply for NoData, otherwise a
// link.Fault with the adapter's word.
func (c Condition) Err() error {
	switch c {
	case None:
		return nil
	case NoData:
		return link.ErrNoReply
	}
	return &link.Fault{Text: string(c)}
}

// findPhrase looks for the leftmost condition in squeezed text, the longest one where several begin.
func findPhrase(s string) (c Condition, start, end int) {
	start = len(s) + 1
	for _, p := range phrases {
		i := strings.Index(s, p.squeezed)
		if i >= 0 && (i < start || i == start && i+len(p.squeezed) > end) {
			c, start, end = p.condition, i, i+len(p.squeezed)
		}
	}
	for i := 0; i+5 <= len(s) && i < start; i++ {
		if e := Condition(s[i : i+5]); e.Internal() {
			return e, i, i + 5
		}
	}
	return c, start, end
}

func isDigit(b byte) bool { return b >= '0' && b <= '9' }
