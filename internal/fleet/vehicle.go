package fleet

import (
	"time"

	"github.com/google/uuid"
)

// Vehicle is one vehicle of a tenant. It may have no VIN: old cars, machines and imported logs have none.
type Vehicle struct {
	Mark
	VIN        string     `json:"vin,omitempty"` // unique in a tenant where it is set
	Label      string     `json:"label,omitempty"`
	Plate      string     `json:"plate,omitempty"`
	Maker      string     `json:"maker,omitempty"`
	Model      string     `json:"model,omitempty"`
	ModelYear  int        `json:"model_year,omitempty"`
	Engine     string     `json:"engine,omitempty"`
	OdometerKm *float64   `json:"odometer_km,omitempty"` // the highest ever read
	MassKg     *float64   `json:"mass_kg,omitempty"`     // as it is driven, with people and load
	CustomerID *uuid.UUID `json:"customer_id,omitempty"`
	// Aliases are the ids of vehicles that were merged into this one; they still find it.
	Aliases  []uuid.UUID `json:"aliases,omitempty"`
	LastScan *time.Time  `json:"last_scan,omitempty"` // filled when read
	Scans    int         `json:"scans"`               // filled when read
}

// Title is what a person calls the vehicle: its label, plate, VIN, or the start of its id.
func (v Vehicle) Title() string {
	for _, s := range []string{v.Label, v.Plate, v.VIN} {
		if s != "" {
			return s
		}
	}
	return v.ID.String()[:8]
}
