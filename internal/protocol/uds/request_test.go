package uds_test

import (
	"bytes"
	"testing"
	"time"

	"github.com/fleetms/obdctl/internal/protocol/uds"
)

func TestRequests(t *testing.T) {
	for _, c := range []struct {
		want string
		got  []byte
	}{
		{"1003", uds.StartSession(uds.ExtendedSession)},
		{"1083", uds.Suppress(uds.StartSession(uds.ExtendedSession))},
		{"22F190", uds.Suppress(uds.ReadDIDs(0xF190))}, // no sub-function
		{"1101", uds.Reset(uds.HardReset)},
		{"14FFFF33", uds.Clear(uds.EmissionsGroup)},
		{"14FFFFFF10", uds.ClearMemory(uds.AllGroups, 0x10)},
		{"19020C", uds.DTCsByStatus(uds.PendingDTC | uds.ConfirmedDTC)},
		{"1915", uds.DTCs(uds.PermanentDTCs)},
		{"1904030111FF", uds.DTCDetail(uds.SnapshotByDTC, 0x030111, uds.AllRecords)},
		{"19180301110110", uds.DTCDetail(uds.MemorySnapshotByDTC, 0x030111, 1, 0x10)},
		{"194233081E", uds.WWHDTCs(uds.EmissionsSystems, uds.ConfirmedDTC, 0x1E)},
		{"195533", uds.WWHPermanentDTCs(uds.EmissionsSystems)},
		{"19563301", uds.ReadinessGroup(uds.EmissionsSystems, 1)},
		{"22F187F190", uds.ReadDIDs(0xF187, 0xF190)},
		{"24F40C", uds.ReadScalingOf(0xF40C)},
		{"2705", uds.RequestSeed(5)},
		{"2705", uds.RequestSeed(6)},
		{"2706CAFE", uds.SendKey(5, []byte{0xCA, 0xFE})},
		{"280301", uds.ControlCommunication(uds.DisableBoth, uds.NormalMessages)},
		{"2A0102", uds.Periodic(uds.SendSlow, 2)},
		{"2C01F20012340102", uds.Define(0xF200, uds.Slice{DID: 0x1234, Position: 1, Size: 2})},
		{"2C03F200", uds.Undefine(0xF200)},
		{"2E014200FF", uds.WriteDID(0x0142, []byte{0x00, 0xFF})},
		{"2F01550307", uds.ControlIO(0x0155, uds.ShortTermTest, 7)},
		{"3101020301", uds.Routine(uds.StartRoutine, 0x0203, 1)},
		{"3E80", uds.Present(true)},
		{"8303", uds.Timing(uds.ReadActiveTiming)},
		{"8502", uds.SetDTCSetting(uds.SettingOff)},
		{"860102FF190E", uds.Event(uds.OnDTCStatusChange, 2, []byte{0xFF}, []byte{0x19, 0x0E})},
		{"870113", uds.ControlLink(uds.VerifyFixedRate, 0x13)},
	} {
		if want := bytesOf(t, c.want); !bytes.Equal(c.got, want) {
			t.Errorf("got %X, want %X", c.got, want)
		}
	}
}

func TestCodesAreReadByTheirFormat(t *testing.T) {
	for _, c := range []struct {
		code   uds.DTC
		format uds.Format
		want   string
	}{
		{0x030111, uds.FormatJ2012, "P0301-11"},
		{0xD10087, uds.FormatWWHOBD, "U1100-87"},
		{0x640001, uds.FormatJ1939, "SPN 100 FMI 1"},
		{0xFFFFE3, uds.FormatJ1939, "SPN 524287 FMI 3"},
	} {
		if got := c.code.Text(c.format); got != c.want {
			t.Errorf("%s in %s: %q, want %q", c.code, c.format, got, c.want)
		}
	}
}

func TestStatusAndSeverityHaveWords(t *testing.T) {
	if got := uds.Status(0x89).Names(); len(got) != 3 || got[0] != "test failed" || got[2] != "warning indicator requested" {
		t.Errorf("status 89: %q", got)
	}
	for severity, want := range map[uds.Severity][2]string{
		0x82: {"check immediately", "A"}, 0x44: {"check at next halt", "B1"}, 0x28: {"maintenance only", "B2"}, 0x10: {"", "C"}, 0x01: {"", "0"}, 0: {"", ""},
	} {
		if severity.Advice() != want[0] || severity.Class() != want[1] {
			t.Errorf("severity %02X: %q %q", byte(severity), severity.Advice(), severity.Class())
		}
	}
}

func TestPeriodicData(t *testing.T) {
	for digits, want := range map[string]uds.Identifier{
		"01 0C80": {DID: 0xF201, Data: uds.Hex{0x0C, 0x80}}, "6A 02 FF": {DID: 0xF202, Data: uds.Hex{0xFF}},
	} {
		got, err := uds.ParsePeriodic(bytesOf(t, digits))
		if err != nil || got.DID != want.DID || !bytes.Equal(got.Data, want.Data) {
			t.Errorf("%s: %v, %+v", digits, err, got)
		}
	}
	if _, err := uds.ParsePeriodic([]byte{0x01}); err == nil {
		t.Error("a message without data is none")
	}
}

func TestSessionTimesHaveTheirScales(t *testing.T) {
	reply, _ := uds.Interpret([]byte{0x10, 0x03}, bytesOf(t, "5003 0032 01F4"))
	s := reply.Data.(*uds.Session)
	if s.P2 != 50*time.Millisecond || s.P2Star != 5*time.Second {
		t.Errorf("P2 %s, P2* %s", s.P2, s.P2Star)
	}
}
