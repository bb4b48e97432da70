package diag

import (
	"context"
	"slices"
	"strings"

	"github.com/fleetms/obdctl/internal/link"
	"github.com/fleetms/obdctl/internal/obd"
	"github.com/fleetms/obdctl/internal/protocol/j1979"
)

// MonitorTests reads every result of service 06 of every ECU; on the older lines those of service 05
// (oxygen sensors) too.
func (t *Tester) MonitorTests(ctx context.Context) ([]obd.MonitorTest, []obd.Unread, error) {
	if d := t.spoken(); d != nil {
		return d.monitorTests(ctx)
	}
	return t.monitorTests(ctx)
}

func (t *Tester) monitorTests(ctx context.Context) ([]obd.MonitorTest, []obd.Unread, error) {
	support, missed, err := t.Supported(ctx, obd.ServiceMonitorTests)
	for i := range missed {
		missed[i].Step = obd.StepTests
	}
	tests := []obd.MonitorTest{}
	for _, id := range support.IDs() {
		if err != nil {
			break
		}
		var found []obd.MonitorTest
		var lost []obd.Unread
		found, lost, err = t.monitorTest(ctx, id, support)
		tests, missed = append(tests, found...), append(missed, lost...)
	}
	if err == nil && !t.isCAN() {
		var found []obd.MonitorTest
		var lost []obd.Unread
		found, lost, err = t.oxygenTests(ctx)
		tests, missed = append(tests, found...), append(missed, lost...)
		if len(tests) > 0 {
			missed = slices.DeleteFunc(missed, isUnknownService)
		}
	}
	byECU(tests, func(m obd.MonitorTest) obd.Address { return m.ECU })
	byECU(missed, func(u obd.Unread) obd.Address { return u.ECU })
	return tests, missed, err
}

// isUnknownService tells the note that nobody knows service 05 or 06 at all: the other one was read.
func isUnknownService(u obd.Unread) bool {
	return (u.Request == "0600" || strings.HasPrefix(u.Request, "0500")) && (u.Reason == obd.NoReply || u.Reason == obd.NotSupported)
}

// monitorTest reads one OBDMID (on the older lines one TID) of every ECU.
func (t *Tester) monitorTest(ctx context.Context, id byte, support Support) ([]obd.MonitorTest, []obd.Unread, error) {
	request := j1979.MonitorTests(id)
	replies, missed, err := t.ask(ctx, question{step: obd.StepTests, data: request})
	var tests []obd.MonitorTest
	var from []obd.Address
	for _, r := range replies {
		found, perr := j1979.ParseMonitorTests(t.protocol(), r.ECU, r.Data)
		if perr != nil {
			missed = append(missed, unread(obd.StepTests, r.ECU, request, malformed(perr)))
		}
		tests, from = append(tests, found...), append(from, r.ECU)
	}
	return tests, silentClaims(obd.StepTests, id, request, support, from, missed), err
}

// silentClaims keeps of missed what concerns ECUs that claim the id, and adds those that said nothing.
func silentClaims(step obd.Step, id byte, request []byte, support Support, from []obd.Address, missed []obd.Unread) []obd.Unread {
	var out []obd.Unread
	for _, ecu := range support.Who(id) {
		if slices.Contains(from, ecu) && !slices.ContainsFunc(missed, func(u obd.Unread) bool { return u.ECU == ecu }) ||
			support.IsSuspect(ecu) {
			continue
		}
		why := unread(step, ecu, request, link.ErrNoReply)
		for _, m := range missed {
			if m.ECU == ecu || m.ECU == obd.Functional {
				why.Reason, why.NRC, why.Detail = m.Reason, m.NRC, m.Detail
			}
		}
		out = append(out, why)
	}
	return out
}

// oxygenTests reads service 05: each TID of each oxygen sensor that PID 13 or 1D places (SAE J1979 6.5).
func (t *Tester) oxygenTests(ctx context.Context) ([]obd.MonitorTest, []obd.Unread, error) {
	sensors, missed, err := t.oxygenSensors(ctx)
	var tests []obd.MonitorTest
	for _, sensor := range sensors {
		if err != nil {
			break
		}
		var found []obd.MonitorTest
		var lost []obd.Unread
		found, lost, err = t.oxygenSensor(ctx, sensor)
		tests, missed = append(tests, found...), append(missed, lost...)
		if len(tests) == 0 && len(lost) > 0 {
			break // nobody knows the service: the other sensors would say the same
		}
	}
	return tests, missed, err
}

// oxygenSensors returns the sensor numbers of service 05: the bits of PID 13 or 1D.
func (t *Tester) oxygenSensors(ctx context.Context) ([]byte, []obd.Unread, error) {
	support := t.support[obd.ServiceCurrentData]
	var sensors []byte
	for _, pid := range []byte{0x13, 0x1D} {
		if !support.Any(pid) {
			continue
		}
		items, missed, err := t.current(ctx, obd.StepTests, []byte{pid})
		for _, i := range items {
			for bit := byte(1); bit != 0 && len(i.data) > 0; bit <<= 1 {
				if i.data[0]&bit != 0 && !slices.Contains(sensors, bit) {
					sensors = append(sensors, bit)
				}
			}
		}
		return sensors, missed, err
	}
	return nil, nil, nil
}

// lastOxygenTID is the last test of service 05 that SAE J1979 defines.
const lastOxygenTID = 0x0A

// oxygenSensor reads the tests of one sensor that its own bitmap (TID 00) names.
func (t *Tester) oxygenSensor(ctx context.Context, sensor byte) ([]obd.MonitorTest, []obd.Unread, error) {
	request := j1979.OxygenTest(0, sensor)
	replies, missed, err := t.ask(ctx, question{step: obd.StepTests, data: request})
	claims := map[byte]bool{}
	for _, r := range replies {
		bits := r.Data[min(3, len(r.Data)):] // 45 00 sensor, then the bitmap
		for id := 1; id <= lastOxygenTID && len(bits) >= 2; id++ {
			if bits[(id-1)/8]&(0x80>>((id-1)%8)) != 0 {
				claims[byte(id)] = true
			}
		}
	}
	var tests []obd.MonitorTest
	for id := byte(1); id <= lastOxygenTID && err == nil; id++ {
		if !claims[id] {
			continue
		}
		request := j1979.OxygenTest(id, sensor)
		var lost []obd.Unread
		replies, lost, err = t.ask(ctx, question{step: obd.StepTests, data: request})
		missed = append(missed, lost...)
		for _, r := range replies {
			test, perr := j1979.ParseOxygenTest(r.ECU, r.Data)
			if perr != nil {
				missed = append(missed, unread(obd.StepTests, r.ECU, request, malformed(perr)))
				continue
			}
			tests = append(tests, test)
		}
	}
	return tests, missed, err
}
