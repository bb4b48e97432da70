package fleet

import (
	"time"

	"github.com/google/uuid"
)

// Customer is who a vehicle belongs to.
type Customer struct {
	Mark
	Name    string `json:"name"`
	Phone   string `json:"phone,omitempty"`
	Email   string `json:"email,omitempty"`
	Address string `json:"address,omitempty"`
}

// OrderState says how far a work order is.
type OrderState string

// The states of a work order.
const (
	OrderOpen      OrderState = "open"
	OrderWaiting   OrderState = "waiting" // for parts or for the customer's word
	OrderDone      OrderState = "done"
	OrderCancelled OrderState = "cancelled"
)

// WorkOrder is one job on one vehicle, with the scans before and after it.
type WorkOrder struct {
	Mark
	VehicleID  uuid.UUID  `json:"vehicle_id"`
	CustomerID *uuid.UUID `json:"customer_id,omitempty"`
	Number     string     `json:"number,omitempty"` // the shop's own
	Title      string     `json:"title"`
	State      OrderState `json:"state"`
	Opened     time.Time  `json:"opened"`
	Closed     *time.Time `json:"closed,omitempty"`
	Before     *uuid.UUID `json:"before,omitempty"` // scan
	After      *uuid.UUID `json:"after,omitempty"`  // scan
	// PredictionID is the prediction whose proposal the order was made of.
	PredictionID *uuid.UUID `json:"prediction_id,omitempty"`
}

// Subject says what a note or a file belongs to; more than one may be set.
type Subject struct {
	VehicleID *uuid.UUID `json:"vehicle_id,omitempty"`
	ScanID    *uuid.UUID `json:"scan_id,omitempty"`
	OrderID   *uuid.UUID `json:"order_id,omitempty"`
}

// Note is what a person wrote down.
type Note struct {
	Mark
	Subject
	Text string `json:"text"`
}

// File is a photo, a recording or any other file, kept once by its content.
type File struct {
	Mark
	Subject
	SHA256 string `json:"sha256"` // lower-case hexadecimal
	Name   string `json:"name"`
	Type   string `json:"type"` // media type
	Size   int64  `json:"size"` // bytes
	Kind   string `json:"kind"` // "photo", "recording", "report", "import" or "other"
}
