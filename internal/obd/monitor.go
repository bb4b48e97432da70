package obd

// MonitorID names a readiness monitor of SAE J1979 PID 01 and 41.
type MonitorID string

// The monitors. The first three are continuous; the others depend on the kind of ignition.
const (
	MonitorMisfire       MonitorID = "misfire"
	MonitorFuelSystem    MonitorID = "fuel_system"
	MonitorComponents    MonitorID = "components"
	MonitorCatalyst      MonitorID = "catalyst"
	MonitorHeatedCat     MonitorID = "heated_catalyst"
	MonitorEvap          MonitorID = "evap"
	MonitorSecondaryAir  MonitorID = "secondary_air"
	MonitorACRefrigerant MonitorID = "ac_refrigerant"
	MonitorOxygenSensor  MonitorID = "oxygen_sensor"
	MonitorOxygenHeater  MonitorID = "oxygen_sensor_heater"
	MonitorEGR           MonitorID = "egr_vvt"
	MonitorNMHCCatalyst  MonitorID = "nmhc_catalyst"
	MonitorNOxSCR        MonitorID = "nox_scr"
	MonitorBoost         MonitorID = "boost_pressure"
	MonitorExhaustGas    MonitorID = "exhaust_gas_sensor"
	MonitorPMFilter      MonitorID = "pm_filter"
)

// Ignition selects between the two layouts of the non-continuous monitors.
type Ignition string

// The kinds of ignition of PID 01 byte B bit 3.
const (
	Spark       Ignition = "spark"
	Compression Ignition = "compression"
)

// Monitor is the readiness of one on-board monitor.
type Monitor struct {
	ID        MonitorID `json:"id"`
	Supported bool      `json:"supported"`
	Complete  bool      `json:"complete"`
}

// MonitorStatus is what one ECU answers to PID 01 (since the codes were cleared) or 41 (this driving cycle).
type MonitorStatus struct {
	ECU      Address   `json:"ecu,omitzero"`
	MIL      bool      `json:"mil"`   // PID 01 only
	Codes    int       `json:"codes"` // PID 01 only: stored emission-related codes
	Ignition Ignition  `json:"ignition"`
	Monitors []Monitor `json:"monitors"` // every monitor of the layout, supported or not
}

// Supports tells whether the ECU has at least one monitor; one without must not decide the ignition.
func (s MonitorStatus) Supports() bool {
	for _, m := range s.Monitors {
		if m.Supported {
			return true
		}
	}
	return false
}

// Readiness is the vehicle's readiness, merged over its ECUs: supported where any ECU has the
// monitor, incomplete where any ECU that has it says so.
type Readiness struct {
	Ignition   Ignition        `json:"ignition,omitempty"`
	SinceClear []Monitor       `json:"since_clear"`
	ThisCycle  []Monitor       `json:"this_cycle,omitempty"` // empty when no ECU answers PID 41
	PerECU     []MonitorStatus `json:"per_ecu,omitempty"`    // PID 01 of each ECU
}

// MonitorTest is one result of service 06 (or of service 05 on the older lines).
type MonitorTest struct {
	ECU  Address `json:"ecu,omitzero"`
	MID  *uint8  `json:"mid,omitempty"` // OBDMID on CAN; absent on the older lines
	TID  uint8   `json:"tid"`
	UAS  *uint8  `json:"uasid,omitempty"`        // unit and scaling id on CAN
	Part *uint8  `json:"component_id,omitempty"` // component id on the older lines
	// Name and TestName say what was tested; Known is false for a maker's own TID.
	Name     string `json:"name,omitempty"`
	TestName string `json:"test_name,omitempty"`
	Known    bool   `json:"known"`

	Value float64  `json:"value"`
	Min   *float64 `json:"min,omitempty"` // absent when the test has no lower limit
	Max   *float64 `json:"max,omitempty"` // absent when the test has no upper limit
	Unit  string   `json:"unit,omitempty"`

	Passed bool `json:"passed"`
	// Margin is how far the value is inside its nearest limit, as a fraction of the span between the
	// limits (or of the limit itself when there is only one); negative outside. Absent when the test
	// has not run (all zero) or has no usable span.
	Margin *float64 `json:"margin,omitempty"`
	// NotRun is set for the all-zero record that an ECU reports for a test that has not run since clear.
	NotRun bool `json:"not_run,omitempty"`
}

// FreezeFrame is the snapshot that an ECU stored with a code (service 02).
type FreezeFrame struct {
	ECU      Address   `json:"ecu,omitzero"`
	Index    uint8     `json:"index"`
	Code     string    `json:"code"` // the code that caused it (PID 02)
	Readings []Reading `json:"readings"`
}

// Calibration pairs a calibration id with its verification number.
type Calibration struct {
	ID  string `json:"id,omitempty"`
	CVN string `json:"cvn,omitempty"` // eight hexadecimal digits
}

// InUseCounter is one pair of in-use performance tracking (InfoType 08 or 0B).
type InUseCounter struct {
	ID          string `json:"id"` // SAE J1979-DA short name without its COMP/COND suffix, such as "CAT1"
	Name        string `json:"name"`
	Completions uint16 `json:"completions"`
	Conditions  uint16 `json:"conditions"`
}

// InUse is in-use performance tracking of one ECU.
type InUse struct {
	Conditions     uint16         `json:"obd_conditions"` // OBDCOND
	IgnitionCycles uint16         `json:"ignition_cycles"`
	Counters       []InUseCounter `json:"counters"`
}

// ECU is one control unit that answered.
type ECU struct {
	Address      Address       `json:"address"`
	Name         string        `json:"name,omitempty"` // service 09 InfoType 0A
	VIN          string        `json:"vin,omitempty"`
	Calibrations []Calibration `json:"calibrations,omitempty"`
	ESN          string        `json:"engine_serial,omitempty"`
	Regulation   string        `json:"exhaust_regulation,omitempty"` // InfoType 0F: type approval or family name
	InUse        *InUse        `json:"in_use,omitempty"`
	Info         []Reading     `json:"info,omitempty"` // other InfoTypes
}
