package diag

import (
	"context"

	"github.com/fleetms/obdctl/internal/errs"
	"github.com/fleetms/obdctl/internal/obd"
)

// mute is the ground of a dialect: it has no part of a diagnosis and says so.
type mute struct{ id obd.Dialect }

func (m mute) name() obd.Dialect { return m.id }

// lacks is the note that the dialect has no such part.
func (m mute) lacks(step obd.Step) []obd.Unread {
	return []obd.Unread{{Step: step, Reason: obd.NotSupported, Detail: "this vehicle's protocol (" + string(m.id) + ") has none"}}
}

func (m mute) supported(ctx context.Context, _ obd.Service) (Support, []obd.Unread, error) {
	return Support{}, nil, ctx.Err()
}

func (m mute) vin(ctx context.Context) ([]obd.ECU, []obd.Unread, error) {
	return nil, m.lacks(obd.StepVehicle), ctx.Err()
}

func (m mute) vehicleInfo(ctx context.Context, _ func(byte) bool) ([]obd.ECU, []obd.Unread, error) {
	return nil, m.lacks(obd.StepInfo), ctx.Err()
}

func (m mute) readiness(ctx context.Context) (obd.Readiness, []obd.Unread, error) {
	return obd.Readiness{}, m.lacks(obd.StepReadiness), ctx.Err()
}

func (m mute) codes(ctx context.Context, kind obd.CodeKind) ([]obd.DTC, []obd.Unread, error) {
	return []obd.DTC{}, m.lacks(listStep(kind)), ctx.Err()
}

func (m mute) freezeFrames(ctx context.Context) ([]obd.FreezeFrame, []obd.Unread, error) {
	return []obd.FreezeFrame{}, m.lacks(obd.StepFreeze), ctx.Err()
}

func (m mute) monitorTests(ctx context.Context) ([]obd.MonitorTest, []obd.Unread, error) {
	return []obd.MonitorTest{}, m.lacks(obd.StepTests), ctx.Err()
}

func (m mute) read(ctx context.Context, _ []byte) ([]obd.Reading, []obd.Unread, error) {
	return []obd.Reading{}, m.lacks(obd.StepReadings), ctx.Err()
}

func (m mute) engineSpeed(ctx context.Context) (float64, bool, error) { return 0, false, ctx.Err() }

func (m mute) clear(context.Context) ([]Outcome, error) {
	return nil, errs.New(errs.Unsupported, "codes cannot be cleared over %s", m.id)
}

func (m mute) lamps() []obd.LampStatus { return nil }
