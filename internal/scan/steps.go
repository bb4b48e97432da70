package scan

import (
	"context"
	"slices"

	"github.com/fleetms/obdctl/internal/diag"
	"github.com/fleetms/obdctl/internal/obd"
)

// step is one part of the diagnosis. Read fills the scan and returns what it could not read; its error
// ends the scan.
type step struct {
	step obd.Step
	text string
	read func(*run, context.Context) ([]obd.Unread, error)
}

// steps are in the order in which they are read: what matters most comes first, should the link fall away.
var steps = []step{
	{obd.StepConnect, "connecting", (*run).connect},
	{obd.StepSupported, "asking what the control units support", (*run).supported},
	{obd.StepVehicle, "reading the VIN", (*run).identity},
	{obd.StepReadiness, "reading MIL and readiness", (*run).readiness},
	{obd.StepStored, "reading stored codes", codes(obd.Stored)},
	{obd.StepPending, "reading pending codes", codes(obd.Pending)},
	{obd.StepPermanent, "reading permanent codes", codes(obd.Permanent)},
	{obd.StepFreeze, "reading freeze frames", (*run).freezeFrames},
	{obd.StepTests, "reading monitor tests", (*run).monitorTests},
	{obd.StepReadings, "reading live values", (*run).readings},
	{obd.StepInfo, "reading calibrations and counters", (*run).info},
	{obd.StepVoltage, "reading the supply voltage", (*run).voltage},
}

// wanted returns the steps to take; what the others build on is always there.
func (r *run) wanted() []step {
	if r.options.Steps == nil {
		return steps
	}
	return slices.DeleteFunc(slices.Clone(steps), func(s step) bool {
		always := s.step == obd.StepConnect || s.step == obd.StepSupported
		return !always && !slices.Contains(r.options.Steps, s.step)
	})
}

func (r *run) connect(ctx context.Context) ([]obd.Unread, error) { return nil, ctx.Err() }

func (r *run) supported(ctx context.Context) ([]obd.Unread, error) {
	support, missed, err := r.tester.Supported(ctx, obd.ServiceCurrentData)
	r.support = support
	return missed, err
}

func (r *run) identity(ctx context.Context) ([]obd.Unread, error) {
	units, missed, err := r.tester.VIN(ctx)
	r.learn(units)
	return missed, err
}

func (r *run) readiness(ctx context.Context) ([]obd.Unread, error) {
	readiness, missed, err := r.tester.Readiness(ctx)
	readiness.SinceClear = list(readiness.SinceClear)
	r.scan.Readiness = readiness
	for _, s := range readiness.PerECU {
		r.scan.MIL = r.scan.MIL || s.MIL
	}
	return missed, err
}

// codes returns the step that reads one list of codes.
func codes(kind obd.CodeKind) func(*run, context.Context) ([]obd.Unread, error) {
	return func(r *run, ctx context.Context) ([]obd.Unread, error) {
		found, missed, err := r.tester.Codes(ctx, kind)
		r.scan.Codes = append(r.scan.Codes, found...)
		return missed, err
	}
}

func (r *run) freezeFrames(ctx context.Context) ([]obd.Unread, error) {
	frames, missed, err := r.tester.FreezeFrames(ctx)
	r.scan.FreezeFrames = list(frames)
	return missed, err
}

func (r *run) monitorTests(ctx context.Context) ([]obd.Unread, error) {
	tests, missed, err := r.tester.MonitorTests(ctx)
	r.scan.Tests = list(tests)
	return missed, err
}

// keyPIDs are the live values that a quick scan reads: what the assessment asks for and a mechanic looks
// at first.
var keyPIDs = []byte{
	0x03, 0x04, 0x05, 0x06, 0x07, 0x08, 0x09, 0x0A, 0x0B, 0x0C, 0x0D, 0x0E, 0x0F, 0x10, 0x11, 0x1F,
	0x21, 0x23, 0x2C, 0x2F, 0x30, 0x31, 0x33, 0x42, 0x46, 0x4D, 0x4E, 0x51, 0x5B, 0x5C, 0x5E, 0xA6,
}

func (r *run) readings(ctx context.Context) ([]obd.Unread, error) {
	pids := r.support.IDs()
	if r.tester.Dialect() == obd.DialectJ1939 { // parameter groups instead of PIDs
		pids = nil
	}
	if r.options.Quick {
		pids = slices.DeleteFunc(pids, func(pid byte) bool { return !slices.Contains(keyPIDs, pid) })
	}
	readings, missed, err := r.tester.Read(ctx, pids...)
	r.scan.Readings = list(readings)
	return missed, err
}

func (r *run) info(ctx context.Context) ([]obd.Unread, error) {
	read := r.tester.VehicleInfo
	if slices.ContainsFunc(r.units, func(u obd.ECU) bool { return u.VIN != "" }) {
		read = r.tester.VehicleInfoBut
	}
	units, missed, err := read(ctx)
	r.learn(units)
	return missed, err
}

// voltage takes what the live values hold already before it asks.
func (r *run) voltage(ctx context.Context) ([]obd.Unread, error) {
	if v := diag.ModuleVoltage(r.scan.Readings); v != nil {
		r.scan.Voltage = v
		return nil, nil
	}
	v, missed, err := r.tester.Voltage(ctx)
	r.scan.Voltage = v
	return missed, err
}
