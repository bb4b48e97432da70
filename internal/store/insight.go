package store

import (
	"context"
	"time"

	"github.com/google/uuid"

	"github.com/fleetms/obdctl/internal/fleet"
)

// PredictionFilter narrows a list of predictions; zero fields do not.
type PredictionFilter struct {
	VehicleID uuid.UUID
	Topic     fleet.Topic
	Since     time.Time
	Until     time.Time // exclusive
}

// Predictions keeps what models said of vehicles. What was said stays as it was said.
type Predictions interface {
	// Add keeps what one run said of a vehicle, under one time, and fills the ids.
	Add(ctx context.Context, vehicle uuid.UUID, said []fleet.Prediction) error
	Get(ctx context.Context, id uuid.UUID) (fleet.Prediction, error)
	// Find returns the predictions that a person may mean: an id or its start.
	Find(ctx context.Context, words string) ([]fleet.Prediction, error)
	// Latest gives what was said last of a vehicle on each topic, the most urgent first.
	Latest(ctx context.Context, vehicle uuid.UUID) ([]fleet.Prediction, error)
	// List gives them by time, newest first.
	List(ctx context.Context, f PredictionFilter, p Page) (List[fleet.Prediction], error)
	Delete(ctx context.Context, id uuid.UUID) error
}

// MaxWeights bounds the weights of one model, in bytes.
const MaxWeights = 64 << 20

// Models is the registry of trained models. Of one name and vehicle at most one is champion.
type Models interface {
	// Add keeps a new model with its weights, numbers it and fills Weights and Size.
	Add(ctx context.Context, m *fleet.Model, weights []byte) error
	// Put changes what is said of a model, never its weights. Making one champion retires the one that was.
	Put(ctx context.Context, m *fleet.Model) error
	Get(ctx context.Context, id uuid.UUID) (fleet.Model, error)
	// Find returns the models that a person may mean: an id or its start, a name, or a name and version: "engine-residuals 3".
	Find(ctx context.Context, words string) ([]fleet.Model, error)
	// Champion returns the model of a name that speaks for a vehicle: its own, else the one for all. A zero
	// vehicle asks for the one for all only. ErrNotFound where there is none.
	Champion(ctx context.Context, name string, vehicle uuid.UUID) (fleet.Model, error)
	// Weights returns the content that a model's hash names, checked against it.
	Weights(ctx context.Context, m fleet.Model) ([]byte, error)
	// List gives the models of a name ("" for all) by training, newest first.
	List(ctx context.Context, name string, p Page) (List[fleet.Model], error)
	// Delete removes a model, and its weights with the last model that has them.
	Delete(ctx context.Context, id uuid.UUID) error
}

// Outcomes keeps what mechanics found: the labels that models learn from.
type Outcomes interface {
	Put(ctx context.Context, o *fleet.Outcome) error
	Get(ctx context.Context, id uuid.UUID) (fleet.Outcome, error)
	// List gives the outcomes of a vehicle (zero: all) by when they were found, newest first.
	List(ctx context.Context, vehicle uuid.UUID, p Page) (List[fleet.Outcome], error)
	Delete(ctx context.Context, id uuid.UUID) error
}
