package screen

import (
	"time"

	"github.com/fleetms/obdctl/internal/obd"
)

// LinkState says how the connection to the car is.
type LinkState uint8

// The states of a connection.
const (
	Unplugged  LinkState = iota // nobody asked for one
	Connecting                  // for the first time
	Connected
	Lost   // the adapter fell away; it is being tried again
	Silent // the adapter is there, the car does not answer; it is being waited for
	Failed // the first attempt came to nothing
)

// Link is told to every screen whenever the connection changes.
type Link struct {
	State    LinkState
	Address  string // of the adapter
	Adapter  string // what it says of itself
	Protocol obd.Protocol
	Dialect  obd.Dialect
	Volts    float64       // supply voltage, 0 when not known
	Latency  time.Duration // from request to answer, of late; 0 when not known
	Rate     float64       // answers a second, of late; 0 when nothing is polled
	Since    time.Time     // of this state
	Err      error         // of Lost, Silent and Failed
	Try      int           // attempts since it was lost
	Replay   bool          // a recording answers
	Keeping  bool          // values are being recorded
}

// Up tells that the car can be asked.
func (l Link) Up() bool { return l.State == Connected }

// Vehicle is told to every screen when another vehicle is looked at: the one at the adapter, or one of the garage.
type Vehicle struct {
	ID    string // of the garage, "" when it is not kept
	Title string // label, plate or VIN
	VIN   string
	About string // maker, model, year
	Plate string
	Here  bool // it is the one at the adapter
}

// Scan is told to every screen while a scan is read, after each step, and when one from the past is opened.
type Scan struct {
	Scan        *obd.Scan // never changed after it was told; nil before the first step is done
	Running     bool
	Step        obd.Step // that is being read
	Done, Total int      // steps; the one being read is Done, from 1
	Err         error    // why it ended early
	SavedAs     string   // id of the scan in the garage, "" while it is not kept
	Past        bool     // from the garage, not read now
}
