package diag

import (
	"context"

	"github.com/fleetms/obdctl/internal/link"
	"github.com/fleetms/obdctl/internal/obd"
)

const (
	pidModuleVoltage    = 0x42
	signalModuleVoltage = "VPWR"
)

// Voltage reads the supply voltage: PID 42 of the first ECU that has it, otherwise what the adapter
// measures at the connector, which may be off by a volt. It is nil when neither can tell.
func (t *Tester) Voltage(ctx context.Context) (*obd.Voltage, []obd.Unread, error) {
	var missed []obd.Unread
	if t.support[obd.ServiceCurrentData].Any(pidModuleVoltage) {
		readings, lost, err := t.Read(ctx, pidModuleVoltage)
		if v := ModuleVoltage(readings); v != nil || err != nil {
			return v, nil, err
		}
		missed = lost
	}
	meter, ok := t.link.(link.Voltmeter)
	if !ok {
		return nil, missed, nil
	}
	volts, err := meter.SupplyVoltage(ctx)
	if err != nil {
		u := unread(obd.StepVoltage, obd.Functional, nil, err)
		return nil, append(missed, u), ended(ctx, err)
	}
	return &obd.Voltage{Volts: volts, Source: "adapter"}, nil, nil
}

// ModuleVoltage finds the control module's voltage in readings that are there already.
func ModuleVoltage(readings []obd.Reading) *obd.Voltage {
	for _, r := range readings {
		if r.Signal == signalModuleVoltage && !r.Absent {
			return &obd.Voltage{Volts: r.Value, Source: "ecu"}
		}
	}
	return nil
}
