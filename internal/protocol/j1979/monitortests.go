package j1979

import (
	"encoding/binary"

	"github.com/fleetms/obdctl/internal/catalog/monitor"
	"github.com/fleetms/obdctl/internal/obd"
)

const (
	recordCAN   = 9 // OBDMID TID UASID, then value, lower and upper limit of two bytes each
	recordOlder = 6 // TID, limit type and component, then value and limit of two bytes each
)

// ParseMonitorTests reads the test results of service 06.
//
// On CAN every record repeats the OBDMID and is scaled by its UASID; an unknown UASID or a maker's TID leaves the
// number as it is. On the older lines a record has one limit: bit 7 of its second byte says that the limit
// is a minimum, the other bits name the component; its TIDs are the maker's own, so numbers stay raw.
// A reply that is a support bitmap holds no tests. A test that has not run (all zero) counts as passed, as
// the standard has it, and says NotRun.
func ParseMonitorTests(p obd.Protocol, ecu obd.Address, data []byte) ([]obd.MonitorTest, error) {
	b, err := body(data, obd.ServiceMonitorTests)
	if err != nil {
		return nil, err
	}
	if len(b) == 0 {
		return nil, malformed("no monitor id")
	}
	if monitor.IsSupport(b[0]) {
		return nil, nil
	}
	record, parse := recordCAN, canTest
	if isOlder(p) || p == obd.ProtocolUnknown && len(b)%recordCAN != 0 && len(b)%recordOlder == 0 {
		record, parse = recordOlder, olderTest
	}
	var tests []obd.MonitorTest
	for len(b) >= record && (len(tests) == 0 || !isPadding(b)) {
		tests = append(tests, parse(ecu, b[:record]))
		b = b[record:]
	}
	if len(tests) == 0 || !isPadding(b) {
		return tests, malformed("%d bytes behind %d test results", len(b), len(tests))
	}
	return tests, nil
}

func canTest(ecu obd.Address, r []byte) obd.MonitorTest {
	mid, uas := r[0], r[2]
	s := monitor.ScalingOf(uas)
	t := obd.MonitorTest{
		ECU: ecu, MID: &mid, TID: r[1], UAS: &uas, Unit: s.Unit,
		Name: monitor.Name(mid), TestName: monitor.TestName(r[1]),
	}
	t.Known = t.Name != "" && t.TestName != ""
	value, low, high := binary.BigEndian.Uint16(r[3:]), binary.BigEndian.Uint16(r[5:]), binary.BigEndian.Uint16(r[7:])
	t.Value = s.Value(value)
	t.NotRun = value == 0 && low == 0 && high == 0
	t.Passed = s.Raw(low) <= s.Raw(value) && s.Raw(value) <= s.Raw(high)
	if t.NotRun || low != s.Lowest() {
		t.Min = new(s.Value(low))
	}
	if t.NotRun || high != s.Highest() {
		t.Max = new(s.Value(high))
	}
	judge(&t)
	return t
}

func olderTest(ecu obd.Address, r []byte) obd.MonitorTest {
	part := r[1] & 0x7F
	isMinimum := r[1]&0x80 != 0
	value, limit := binary.BigEndian.Uint16(r[2:]), binary.BigEndian.Uint16(r[4:])
	t := obd.MonitorTest{ECU: ecu, TID: r[0], Part: &part, Value: float64(value), NotRun: value == 0 && limit == 0}
	if isMinimum {
		t.Passed = value >= limit
		if t.NotRun || limit != 0 {
			t.Min = new(float64(limit))
		}
	} else {
		t.Passed = value <= limit
		if t.NotRun || limit != 0xFFFF {
			t.Max = new(float64(limit))
		}
	}
	judge(&t)
	return t
}
