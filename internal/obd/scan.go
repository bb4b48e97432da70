package obd

import (
	"time"

	"github.com/google/uuid"
)

// ScanSchema is the version of [Scan]'s JSON. It only grows: fields are added, never renamed or removed.
const ScanSchema = "obdctl.scan/1"

// Scan is one complete diagnosis of one vehicle, with what could not be read and why.
type Scan struct {
	Schema  string    `json:"schema"`
	ID      uuid.UUID `json:"id"` // UUIDv7
	Started time.Time `json:"started"`
	Ended   time.Time `json:"ended"`
	Clock   Clock     `json:"clock"`
	Tool    Tool      `json:"tool"`

	Adapter  Adapter  `json:"adapter"`
	Protocol Protocol `json:"protocol"`
	Dialect  Dialect  `json:"dialect,omitempty"`
	Voltage  *Voltage `json:"voltage,omitempty"`

	Vehicle Vehicle `json:"vehicle"`
	ECUs    []ECU   `json:"ecus"`

	MIL          bool          `json:"mil"`
	Lamps        []LampStatus  `json:"lamps,omitempty"` // J1939 only: the four lamps of each ECU
	Codes        []DTC         `json:"codes"`
	FreezeFrames []FreezeFrame `json:"freeze_frames"`
	Readiness    Readiness     `json:"readiness"`
	Tests        []MonitorTest `json:"tests"`
	Readings     []Reading     `json:"readings"`

	// Complete lists the steps that were read in full, so that an empty list of codes can be told
	// from a list that could not be read.
	Complete []Step   `json:"complete"`
	Unread   []Unread `json:"unread"`

	Assessment Assessment `json:"assessment"`
}

// Clock says how far the times of a scan can be trusted.
type Clock struct {
	Source string `json:"source"`     // "system", or "recording" when the times come from a replay
	Offset string `json:"utc_offset"` // the local offset at the start, "+01:00"
}

// Tool names the program that made a document.
type Tool struct {
	Name    string `json:"name"`
	Version string `json:"version"`
}

// Adapter is what the scan was made with.
type Adapter struct {
	Address string `json:"address"`           // as given by --adapter or found
	Claimed string `json:"claimed,omitempty"` // what it says of itself (ATI, STI)
	Kind    string `json:"kind,omitempty"`    // "elm327", "stn", "vlinker", "clone", "simulator"
}

// Voltage is the vehicle's supply voltage.
type Voltage struct {
	Volts  float64 `json:"volts"`
	Source string  `json:"source"` // "ecu" (PID 42) or "adapter" (AT RV, off by up to a volt)
}

// Vehicle is what the VIN tells.
type Vehicle struct {
	VIN         string `json:"vin,omitempty"`
	CheckDigit  string `json:"check_digit,omitempty"` // "valid", "invalid" or "not_used" (outside North America and China)
	WMI         string `json:"wmi,omitempty"`
	Maker       string `json:"maker,omitempty"`
	Country     string `json:"country,omitempty"`
	ModelYear   int    `json:"model_year,omitempty"`  // 0 when not known
	Plausible   bool   `json:"plausible"`             // 17 characters of the VIN alphabet
	Explanation string `json:"explanation,omitempty"` // why a field is empty or doubtful
}

// Step names a part of the scan.
type Step string

// The steps of a scan, in their order.
const (
	StepConnect    Step = "connect"
	StepSupported  Step = "supported"
	StepVehicle    Step = "vehicle"
	StepReadiness  Step = "readiness"
	StepStored     Step = "stored_codes"
	StepPending    Step = "pending_codes"
	StepPermanent  Step = "permanent_codes"
	StepFreeze     Step = "freeze_frames"
	StepTests      Step = "monitor_tests"
	StepReadings   Step = "readings"
	StepInfo       Step = "vehicle_info"
	StepVoltage    Step = "voltage"
	StepAssessment Step = "assessment"
)

// Reason says why something could not be read.
type Reason string

// The reasons, from harmless to serious.
const (
	NotSupported Reason = "not_supported" // the ECU says that it does not know the request
	NoReply      Reason = "no_reply"      // nobody answered
	Refused      Reason = "refused"       // a negative response with another code
	StillPending Reason = "still_pending" // NRC 78 until the time limit
	Malformed    Reason = "malformed"     // an answer that breaks the standard
	Incomplete   Reason = "incomplete"    // a transfer with missing frames
	LinkLost     Reason = "link_lost"     // adapter or line fell away
	Interrupted  Reason = "interrupted"   // ended by the user
)

// Unread is something that could not be read, and why.
type Unread struct {
	Step    Step    `json:"step"`
	ECU     Address `json:"ecu,omitzero"`
	Request string  `json:"request,omitempty"` // hexadecimal, "020C00"
	Reason  Reason  `json:"reason"`
	NRC     *uint8  `json:"nrc,omitempty"`
	Detail  string  `json:"detail,omitempty"`
}

// Verdict is the outcome of an inspection by a stated rule.
type Verdict string

// The verdicts.
const (
	Pass    Verdict = "pass"
	Fail    Verdict = "fail"
	Unknown Verdict = "unknown" // not enough could be read
)

// Assessment is what a scan means. Every part says the rule that it was made by.
type Assessment struct {
	Inspection      Inspection  `json:"inspection"`
	RecentlyCleared Likelihood  `json:"recently_cleared"`
	Coach           []CoachStep `json:"coach"` // what would complete each open monitor
	CloseToLimit    []CloseCall `json:"close_to_limit"`
	Findings        []Finding   `json:"findings"` // other things worth a look, most serious first
}

// Inspection is the verdict of a periodic emissions inspection.
type Inspection struct {
	Verdict Verdict  `json:"verdict"`
	Rule    string   `json:"rule"`    // "us-epa": at most one open monitor from model year 2001, two before
	Reasons []string `json:"reasons"` // for people
}

// Likelihood is an answer with its evidence.
type Likelihood struct {
	Answer   string   `json:"answer"`   // "yes", "likely", "unlikely", "unknown"
	Evidence []string `json:"evidence"` // for people
}

// CoachStep tells how one open monitor is completed.
type CoachStep struct {
	Monitor MonitorID `json:"monitor"`
	Advice  string    `json:"advice"`
	Blocked string    `json:"blocked,omitempty"` // why it cannot run now, from the readings
}

// CloseCall is a passed monitor test that is near its limit.
type CloseCall struct {
	ECU    Address `json:"ecu,omitzero"`
	MID    *uint8  `json:"mid,omitempty"`
	TID    uint8   `json:"tid"`
	Name   string  `json:"name"`
	Margin float64 `json:"margin"`
}

// Finding is an observation with its evidence.
type Finding struct {
	ID       string `json:"id"`       // stable, such as "trim_lean_bank1"
	Severity string `json:"severity"` // critical, high, medium, low, info
	Text     string `json:"text"`
}
