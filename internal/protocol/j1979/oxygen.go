package j1979

import (
	"fmt"
	"math/bits"

	"github.com/fleetms/obdctl/internal/catalog/monitor"
	"github.com/fleetms/obdctl/internal/obd"
)

// ParseOxygenTest reads one oxygen sensor test of service 05 (older lines only): TID, sensor, value and, for
// calculated tests, lower and upper limit. Part is the sensor's bit as PID 13 counts them (two banks of four).
func ParseOxygenTest(ecu obd.Address, data []byte) (obd.MonitorTest, error) {
	b, err := body(data, obd.ServiceOxygenTests)
	if err != nil {
		return obd.MonitorTest{}, err
	}
	if len(b) < 3 || b[0]%0x20 == 0 {
		return obd.MonitorTest{}, malformed("no oxygen sensor test in %d bytes", len(b))
	}
	sensor := b[1]
	s := monitor.OxygenScaling(b[0])
	scaled := func(raw byte) float64 { return s.Value(uint16(raw)) }
	t := obd.MonitorTest{
		ECU: ecu, TID: b[0], Part: &sensor, Name: sensorName(sensor), TestName: monitor.TestName(b[0]),
		Known: s.Known, Value: scaled(b[2]), Unit: s.Unit, Passed: true,
	}
	if !s.Known {
		t.TestName = ""
	}
	if len(b) < 5 || monitor.IsConstant(b[0]) {
		return t, nil
	}
	low, high := b[3], b[4]
	t.NotRun = b[2] == 0 && low == 0 && high == 0
	t.Passed = low <= b[2] && b[2] <= high
	if t.NotRun || low != 0 {
		t.Min = new(scaled(low))
	}
	if t.NotRun || high != 0xFF {
		t.Max = new(scaled(high))
	}
	judge(&t)
	return t, nil
}

func sensorName(sensor byte) string {
	if bits.OnesCount8(sensor) != 1 {
		return "oxygen sensor"
	}
	n := bits.TrailingZeros8(sensor)
	return fmt.Sprintf("oxygen sensor, bank %d sensor %d", n/4+1, n%4+1)
}
