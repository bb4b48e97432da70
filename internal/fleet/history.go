package fleet

import (
	"time"

	"github.com/google/uuid"

	"github.com/fleetms/obdctl/internal/obd"
)

// CodeHistory is one trouble code of one ECU of one vehicle over all its scans.
type CodeHistory struct {
	VehicleID uuid.UUID    `json:"vehicle_id"`
	Code      string       `json:"code"`
	ECU       obd.Address  `json:"ecu,omitzero"`
	Kind      obd.CodeKind `json:"kind"`
	FirstSeen time.Time    `json:"first_seen"`
	LastSeen  time.Time    `json:"last_seen"`
	Scans     int          `json:"scans"` // how many scans held it
	// Gone is when a scan that read this list in full first no longer held it; absent while it is there.
	Gone *time.Time `json:"gone,omitempty"`
}

// ScanInfo is a scan in a list.
type ScanInfo struct {
	ID        uuid.UUID    `json:"id"`
	VehicleID uuid.UUID    `json:"vehicle_id"`
	VIN       string       `json:"vin,omitempty"`
	Started   time.Time    `json:"started"`
	Ended     time.Time    `json:"ended"`
	MIL       bool         `json:"mil"`
	Codes     int          `json:"codes"`
	Verdict   obd.Verdict  `json:"verdict"`
	Protocol  obd.Protocol `json:"protocol"`
	Adapter   string       `json:"adapter,omitempty"`
	Recording string       `json:"recording,omitempty"` // SHA-256 of the recording, where it was kept
}

// TestPoint is one result of a monitor test at one time, for a trend of its margin.
type TestPoint struct {
	ScanID uuid.UUID       `json:"scan_id"`
	At     time.Time       `json:"at"`
	Test   obd.MonitorTest `json:"test"`
}

// Series is one signal of one ECU of one vehicle with what is known of it.
type Series struct {
	VehicleID uuid.UUID   `json:"vehicle_id"`
	ECU       obd.Address `json:"ecu,omitzero"`
	Signal    string      `json:"signal"`
	Name      string      `json:"name,omitempty"`
	Unit      string      `json:"unit,omitempty"`
	Count     int64       `json:"count"`
	First     time.Time   `json:"first"`
	Last      time.Time   `json:"last"`
}

// Bucket is all readings of a stretch of time in one.
type Bucket struct {
	Start time.Time `json:"start"`
	Count int64     `json:"count"` // 0 for a gap; the rest is then meaningless
	Min   float64   `json:"min"`
	Max   float64   `json:"max"`
	Mean  float64   `json:"mean"`
}

// Import is one file that was taken in.
type Import struct {
	ID        uuid.UUID `json:"id"`
	Key       string    `json:"key"` // SHA-256 of the content: the same content again adds nothing
	Name      string    `json:"name"`
	Format    string    `json:"format"`
	At        time.Time `json:"at"`
	VehicleID uuid.UUID `json:"vehicle_id,omitzero"`
	Readings  int64     `json:"readings"`
	Scans     int64     `json:"scans"`
	Rejected  int64     `json:"rejected"`
}
