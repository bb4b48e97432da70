package iso13400_test

import (
	"bytes"
	"encoding/hex"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/fleetms/obdctl/internal/protocol/iso13400"
)

func unhex(t testing.TB, s string) []byte {
	t.Helper()
	b, err := hex.DecodeString(strings.ReplaceAll(s, " ", ""))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// wire is one message of each payload type as it travels.
var wire = []struct {
	bytes string
	want  iso13400.Payload
}{
	{"02FD 0000 00000001 00", iso13400.HeaderNack{Code: iso13400.NackPattern}},
	{"FF00 0001 00000000", iso13400.Identify{}},
	{"02FD 0002 00000006 02005E005301", iso13400.IdentifyEID{EID: iso13400.EntityID{0x02, 0x00, 0x5E, 0x00, 0x53, 0x01}}},
	{"02FD 0003 00000011 5A5A5A54455354303030303030303030 31", iso13400.IdentifyVIN{VIN: [17]byte([]byte("ZZZTEST0000000001"[:17]))}},
	{"02FD 0004 00000020 5A5A5A54455354303030303030303030 31 1010 02005E005301 02005E005302 00", iso13400.Announcement{
		VIN: [17]byte([]byte("ZZZTEST0000000001"[:17])), Address: 0x1010,
		EID: iso13400.EntityID{0x02, 0x00, 0x5E, 0x00, 0x53, 0x01}, GID: iso13400.EntityID{0x02, 0x00, 0x5E, 0x00, 0x53, 0x02},
	}},
	{"03FC 0004 00000021 FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF FF 0010 02005E005301 FFFFFFFFFFFF 10 10", iso13400.Announcement{
		VIN: [17]byte(bytes.Repeat([]byte{0xFF}, 17)), Address: 0x10, EID: iso13400.EntityID{0x02, 0x00, 0x5E, 0x00, 0x53, 0x01},
		GID: iso13400.EntityID{0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF}, Action: iso13400.ActionCentralSecurity, Sync: iso13400.SyncIncomplete, HasSync: true,
	}},
	{"02FD 0005 00000007 0E80 00 00000000", iso13400.Activation{Source: 0x0E80}},
	{"02FD 0005 0000000B 0E00 01 00000000 DEADBEEF", iso13400.Activation{Source: 0x0E00, For: iso13400.ActivateWWHOBD, OEM: []byte{0xDE, 0xAD, 0xBE, 0xEF}}},
	{"02FD 0006 00000009 0E80 1010 10 00000000", iso13400.ActivationReply{Tester: 0x0E80, Entity: 0x1010, Code: iso13400.Activated}},
	{"03FC 0006 0000000D 0E80 1010 07 00000000 01020304", iso13400.ActivationReply{Tester: 0x0E80, Entity: 0x1010, Code: iso13400.DeniedNeedsTLS, OEM: []byte{1, 2, 3, 4}}},
	{"02FD 0007 00000000", iso13400.AliveCheck{}},
	{"02FD 0008 00000002 0E80", iso13400.AliveCheckReply{Source: 0x0E80}},
	{"02FD 4001 00000000", iso13400.EntityStatus{}},
	{"02FD 4002 00000003 00 08 01", iso13400.EntityStatusReply{Sockets: 8, Open: 1}},
	{"02FD 4002 00000007 01 01 00 00000FFF", iso13400.EntityStatusReply{Node: iso13400.SimpleNode, Sockets: 1, MaxData: 0xFFF, HasMaxData: true}},
	{"02FD 4003 00000000", iso13400.PowerMode{}},
	{"02FD 4004 00000001 01", iso13400.PowerModeReply{Mode: iso13400.PowerReady}},
	{"02FD 8001 00000007 0E80 1010 22F190", iso13400.Diagnostic{Source: 0x0E80, Target: 0x1010, Data: []byte{0x22, 0xF1, 0x90}}},
	{"02FD 8002 00000005 1010 0E80 00", iso13400.DiagnosticAck{Source: 0x1010, Target: 0x0E80}},
	{"02FD 8002 00000008 1010 0E80 00 22F190", iso13400.DiagnosticAck{Source: 0x1010, Target: 0x0E80, Previous: []byte{0x22, 0xF1, 0x90}}},
	{"02FD 8003 00000005 1010 0E80 03", iso13400.DiagnosticNack{Source: 0x1010, Target: 0x0E80, Code: iso13400.UnknownTarget}},
	{"02FD F001 00000002 AABB", iso13400.Unknown{Of: 0xF001, Data: []byte{0xAA, 0xBB}}},
}

func TestEveryPayload(t *testing.T) {
	for _, row := range wire {
		b := unhex(t, row.bytes)
		m, err := iso13400.Parse(b)
		if err != nil {
			t.Errorf("%s: %v", row.bytes, err)
			continue
		}
		if diff := cmp.Diff(row.want, m.Payload); diff != "" {
			t.Errorf("%s: %s", row.bytes, diff)
		}
		if got := m.Marshal(); !bytes.Equal(got, b) {
			t.Errorf("%s: marshals to %X", row.bytes, got)
		}
	}
}

func TestMistakesHaveTheirNack(t *testing.T) {
	for _, row := range []struct {
		bytes string
		want  iso13400.Nack
	}{
		{"02FE 0001 00000000", iso13400.NackPattern},
		{"0D0A 4142 43444546", iso13400.NackPattern},
		{"02FD 0001 00000001 00", iso13400.NackLength},
		{"02FD 0004 0000001F" + strings.Repeat("00", 31), iso13400.NackLength},
		{"02FD 0005 00000008 0E80 00 00000000 00", iso13400.NackLength},
		{"02FD 8001 00000004 0E80 1010", iso13400.NackLength},
		{"02FD 8001 00000009 0E80 1010 22", iso13400.NackLength},
		{"02FD 0007 00000000 00", iso13400.NackLength},
	} {
		_, err := iso13400.Parse(unhex(t, row.bytes))
		if e, ok := errors.AsType[iso13400.HeaderError](err); !ok || e.Nack != row.want {
			t.Errorf("%s: %v, want %s", row.bytes, err, row.want)
		}
	}
	if _, err := iso13400.Parse([]byte{0x02, 0xFD, 0x00}); err == nil {
		t.Error("three bytes are a message")
	}
	if !iso13400.NackPattern.Closes() || !iso13400.NackLength.Closes() || iso13400.NackTooLarge.Closes() {
		t.Error("patterns and lengths that do not fit end a connection, nothing else does")
	}
}

func TestNames(t *testing.T) {
	for _, row := range []struct{ got, want string }{
		{iso13400.Version2012.String(), "2012"},
		{iso13400.Version(0x7A).String(), "7A"},
		{iso13400.TypeDiagnosticNack.String(), "diagnostic message negative acknowledgement"},
		{iso13400.Type(0xF123).String(), "manufacturer's payload F123"},
		{iso13400.Type(0x0123).String(), "reserved payload 0123"},
		{iso13400.NackTooLarge.String(), "message too large"},
		{iso13400.DeniedSourceInUse.String(), "the source address is active on another socket"},
		{iso13400.ActivationCode(0xE3).String(), "manufacturer's code E3"},
		{iso13400.ActivationCode(0x55).String(), "reserved code 55"},
		{iso13400.TargetUnreachable.String(), "target unreachable"},
		{iso13400.DiagnosticCode(0x99).String(), "reserved code 99"},
		{iso13400.ActionCentralSecurity.String(), "routing activation required to initiate central security"},
		{iso13400.SyncIncomplete.String(), "not synchronized"},
		{iso13400.PowerReady.String(), "ready"},
		{iso13400.Gateway.String(), "gateway"},
		{iso13400.ActivateWWHOBD.String(), "WWH-OBD"},
		{iso13400.Address(0x10).String(), "0010"},
		{iso13400.EntityID{1, 2, 3, 4, 5, 6}.String(), "01:02:03:04:05:06"},
	} {
		if row.got != row.want {
			t.Errorf("%q, want %q", row.got, row.want)
		}
	}
	if !iso13400.FunctionalGroup.IsFunctional() || iso13400.Address(0x1010).IsFunctional() || !iso13400.Address(0x0E80).IsTester() {
		t.Error("ranges of logical addresses")
	}
}

func TestVehicleOfAnnouncement(t *testing.T) {
	a := iso13400.Announcement{VIN: [17]byte([]byte("zzztest0000000001"))}
	if got := a.Vehicle(); got != "ZZZTEST0000000001" {
		t.Errorf("Vehicle = %q", got)
	}
	for _, fill := range []byte{0x00, 0xFF, ' '} {
		a.VIN = [17]byte(bytes.Repeat([]byte{fill}, 17))
		if got := a.Vehicle(); got != "" {
			t.Errorf("Vehicle of %02X = %q, want none", fill, got)
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, row := range wire {
		f.Add(unhex(f, row.bytes))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		m, err := iso13400.Parse(b)
		if err != nil {
			return
		}
		if got := m.Marshal(); !bytes.Equal(got, b) {
			t.Errorf("%X marshals to %X", b, got)
		}
	})
}
