// Package obd holds the words of a car's diagnosis: VIN, ECU, Service, PID, DTC, Monitor, MonitorTest,
// FreezeFrame, Reading, Scan. They import nothing of ours but each other, and everything speaks them.
//
// Units are UCUM codes, values SI as the standards scale them (km/h, Cel, kPa, %, V); imperial exists
// only at the faces. Times are UTC in microseconds ([Stamp]). Their JSON is documented in docs/schema.md.
package obd

import "time"

// Service is a diagnostic service identifier (SAE J1979 "mode" 01 to 0A, ISO 14229-1 from 10).
type Service uint8

// The services of SAE J1979.
const (
	ServiceCurrentData   Service = 0x01
	ServiceFreezeFrame   Service = 0x02
	ServiceStoredCodes   Service = 0x03
	ServiceClear         Service = 0x04
	ServiceOxygenTests   Service = 0x05
	ServiceMonitorTests  Service = 0x06
	ServicePendingCodes  Service = 0x07
	ServiceControl       Service = 0x08
	ServiceVehicleInfo   Service = 0x09
	ServicePermanent     Service = 0x0A
	ServiceReadByID      Service = 0x22
	ServiceNegativeReply Service = 0x7F
)

// Stamp returns t as everything stores it: UTC, whole microseconds, no monotonic part.
func Stamp(t time.Time) time.Time { return t.UTC().Truncate(time.Microsecond).Round(0) }

// Reading is one decoded value of one signal of one ECU.
type Reading struct {
	At     time.Time `json:"at,omitzero"`
	ECU    Address   `json:"ecu,omitzero"`
	Signal string    `json:"signal"`         // canonical id, such as "RPM"
	Name   string    `json:"name,omitempty"` // for people
	Value  float64   `json:"value"`          // in Unit; the raw number for enumerations
	Text   string    `json:"text,omitempty"` // the state's short code for enumerations, or text values
	Unit   string    `json:"unit,omitempty"` // UCUM; empty for states, flags and counts
	// Absent is set when the ECU says (by a support bit or the not-available pattern) that it has no such sensor.
	// Text then names another reason that it gave: "error", "reserved", "parameter specific" (SAE J1939-71).
	Absent bool `json:"absent,omitempty"`
}
