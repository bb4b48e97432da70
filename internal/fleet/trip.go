package fleet

import (
	"time"

	"github.com/google/uuid"
)

// Trip is one journey, found in readings.
type Trip struct {
	ID        uuid.UUID `json:"id"`
	VehicleID uuid.UUID `json:"vehicle_id"`
	Start     time.Time `json:"start"`
	End       time.Time `json:"end"`

	DistanceKm   float64     `json:"distance_km"`
	MovingS      float64     `json:"moving_s"` // speed above zero
	IdleS        float64     `json:"idle_s"`   // engine on, standing
	MaxKmh       float64     `json:"max_kmh"`
	MeanKmh      float64     `json:"mean_kmh"` // over the moving time
	FuelL        *float64    `json:"fuel_l,omitempty"`
	FuelSource   string      `json:"fuel_source,omitempty"` // the signals that it was worked out from
	ColdStart    *bool       `json:"cold_start,omitempty"`
	HardBrakes   int         `json:"hard_brakes"` // below -3 m/s2
	HardStarts   int         `json:"hard_starts"` // above 3 m/s2
	MaxCoolantC  *float64    `json:"max_coolant_c,omitempty"`
	MinVoltage   *float64    `json:"min_voltage_v,omitempty"`
	Gaps         int         `json:"gaps"` // times without readings inside the trip
	Readings     int         `json:"readings"`
	DistanceFrom string      `json:"distance_from,omitempty"` // "odometer" or "speed"
	Events       []TripEvent `json:"events,omitempty"`
}

// TripEvent is something worth showing on a trip's line of time.
type TripEvent struct {
	At    time.Time `json:"at"`
	Kind  string    `json:"kind"` // "hard_brake", "hard_start", "over_rev", "hot", "low_voltage", "gap", "code"
	Value float64   `json:"value"`
	Unit  string    `json:"unit,omitempty"`
}
