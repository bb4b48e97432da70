package diag

import (
	"context"
	"slices"

	"github.com/fleetms/obdctl/internal/obd"
	"github.com/fleetms/obdctl/internal/protocol/j1979"
)

// VIN reads InfoType 02 of every ECU. It is asked for even where the bitmap is silent: many cars answer.
func (t *Tester) VIN(ctx context.Context) ([]obd.ECU, []obd.Unread, error) {
	if d := t.spoken(); d != nil {
		return d.vin(ctx)
	}
	return t.vin(ctx)
}

func (t *Tester) vin(ctx context.Context) ([]obd.ECU, []obd.Unread, error) {
	v := visit{tester: t, step: obd.StepVehicle}
	err := v.ask(ctx, j1979.InfoVIN)
	return v.ecus, v.missed, err
}

// VehicleInfo reads every InfoType that an ECU claims (service 09): VIN, calibrations with their
// numbers, name, serial number, in-use performance and the rest, ordered by ECU.
func (t *Tester) VehicleInfo(ctx context.Context) ([]obd.ECU, []obd.Unread, error) {
	return t.infoBy(ctx, func(byte) bool { return true })
}

// VehicleInfoBut is VehicleInfo without the VIN, for one who has read it.
func (t *Tester) VehicleInfoBut(ctx context.Context) ([]obd.ECU, []obd.Unread, error) {
	return t.infoBy(ctx, func(id byte) bool { return id != j1979.InfoVIN })
}

func (t *Tester) infoBy(ctx context.Context, want func(byte) bool) ([]obd.ECU, []obd.Unread, error) {
	if d := t.spoken(); d != nil {
		return d.vehicleInfo(ctx, want)
	}
	return t.vehicleInfo(ctx, want)
}

func (t *Tester) vehicleInfo(ctx context.Context, want func(byte) bool) ([]obd.ECU, []obd.Unread, error) {
	support, missed, err := t.Supported(ctx, obd.ServiceVehicleInfo)
	v := visit{tester: t, step: obd.StepInfo, support: support}
	for _, m := range missed {
		m.Step = obd.StepInfo
		v.missed = append(v.missed, m)
	}
	ids := support.IDs()
	if len(support.ECUs) == 0 {
		ids = []byte{j1979.InfoVIN, j1979.InfoCalibrationID, j1979.InfoCVN, j1979.InfoECUName}
	}
	for _, id := range ids {
		if err != nil {
			break
		}
		if want(id) && !isMessageCount(id) {
			err = v.ask(ctx, id)
		}
	}
	byECU(v.missed, func(u obd.Unread) obd.Address { return u.ECU })
	return v.ecus, v.missed, err
}

// isMessageCount tells the InfoTypes that only count the messages of the next one on the older lines;
// links put those messages together themselves.
func isMessageCount(id byte) bool {
	switch id {
	case 0x01, 0x03, 0x05, 0x07, 0x09, 0x0C, 0x0E:
		return true
	}
	return false
}

// visit collects what the ECUs say of themselves.
type visit struct {
	tester  *Tester
	step    obd.Step
	support Support
	ecus    []obd.ECU
	missed  []obd.Unread
}

func (v *visit) ask(ctx context.Context, id byte) error {
	request := j1979.VehicleInfo(id)
	replies, missed, err := v.tester.ask(ctx, question{step: v.step, data: request})
	var from []obd.Address
	for _, r := range replies {
		if perr := v.take(r.ECU, id, r.Data); perr != nil {
			missed = append(missed, unread(v.step, r.ECU, request, malformed(perr)))
		}
		from = append(from, r.ECU)
	}
	if len(v.support.Who(id)) > 0 {
		missed = silentClaims(v.step, id, request, v.support, from, missed)
	} else if len(replies) > 0 {
		missed = slices.DeleteFunc(missed, func(u obd.Unread) bool { return u.Reason == obd.NotSupported })
	}
	v.missed = append(v.missed, missed...)
	return err
}

// ecu returns the entry of an ECU, made where there is none.
func (v *visit) ecu(a obd.Address) *obd.ECU {
	i, found := slices.BinarySearchFunc(v.ecus, a, func(e obd.ECU, a obd.Address) int {
		switch {
		case e.Address < a:
			return -1
		case e.Address > a:
			return 1
		}
		return 0
	})
	if !found {
		v.ecus = slices.Insert(v.ecus, i, obd.ECU{Address: a})
	}
	return &v.ecus[i]
}

func (v *visit) take(address obd.Address, id byte, data []byte) error {
	info, err := j1979.ParseInfo(v.tester.protocol(), data)
	if err != nil {
		return err
	}
	e := v.ecu(address)
	switch id {
	case j1979.InfoVIN:
		e.VIN = info.VIN
	case j1979.InfoCalibrationID, j1979.InfoCVN:
		e.Calibrations = pair(e.Calibrations, info.CalIDs, info.CVNs)
	case j1979.InfoInUseSpark, j1979.InfoInUseDiesel:
		e.InUse = info.InUse
	case j1979.InfoECUName:
		e.Name = info.Name
	case j1979.InfoEngineSerial:
		e.ESN = info.ESN
	case j1979.InfoTypeApproval:
		e.Regulation = info.Regulation
	default:
		return v.other(e, id, data)
	}
	return nil
}

// other decodes an InfoType by the catalogue.
func (v *visit) other(e *obd.ECU, id byte, data []byte) error {
	c := v.tester.catalog.Command(obd.ServiceVehicleInfo, uint16(id))
	if c == nil || len(data) < 2 {
		return nil
	}
	data = data[2:]
	if c.Length > 0 && len(data) == c.Length+1 {
		data = data[1:] // the number of data items, which CAN puts before them
	}
	values, err := c.Decode(nil, data)
	e.Info = appendReadings(e.Info, values, v.tester.now(), e.Address)
	return err
}

// pair brings calibration ids and verification numbers together, which the ECU sends in the same order.
func pair(have []obd.Calibration, ids, cvns []string) []obd.Calibration {
	for len(have) < max(len(ids), len(cvns)) {
		have = append(have, obd.Calibration{})
	}
	for i, id := range ids {
		have[i].ID = id
	}
	for i, cvn := range cvns {
		have[i].CVN = cvn
	}
	return have
}
