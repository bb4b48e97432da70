package elm327_test

import (
	"strings"
	"testing"
	"time"

	"github.com/fleetms/obdctl/internal/errs"
	"github.com/fleetms/obdctl/internal/link"
	"github.com/fleetms/obdctl/internal/protocol/elm327"
)

// sink is a port that keeps what is written.
type sink struct{ strings.Builder }

func (*sink) Read([]byte) (int, error)          { return 0, timeoutError{} }
func (*sink) Close() error                      { return nil }
func (*sink) SetReadDeadline(_ time.Time) error { return nil }
func (*sink) Name() string                      { return "sink" }

func TestGuard(t *testing.T) {
	for _, row := range []struct {
		write   string // lines split at "|", which are several writes
		passes  string
		refused bool
	}{
		{"ATZ\r", "ATZ\r", false},
		{"at z\r", "at z\r", false},
		{"ATZ\r0100\r", "ATZ\r0100\r", false},
		{"ATZ\r010C1\r03\r\r", "ATZ\r010C1\r03\r\r", false},
		{"ATZ\r|01|0C|\r", "ATZ\r010C\r", false},
		{"04\r", "", true},
		{"0|4|\r", "", true},
		{"ATZ\r04\r", "ATZ\r", true},
		{"ATZ\r0 4\r", "ATZ\r", true},
		{"ATZ\r041\r", "ATZ\r", true},
		{"ATZ\r4\r", "ATZ\r", true},
		{"ATZ\r0100\n04\r", "ATZ\r", true},
		{"ATZ\r0100\r\n04\r", "ATZ\r0100\r", true},
		{"ATZ\r01\b\b04\r", "ATZ\r", true},
		{"ATZ\r0\x004\r", "ATZ\r", true},
		{"ATZ\r0\xfc4\r", "ATZ\r", true},
		{"ATZ\r0100;04\r", "ATZ\r", true},
		{"\r", "", true},
		{"ATZ\r14FFFFFF\r", "ATZ\r", true},
		{"ATZ\r1003\r", "ATZ\r", true},
		{"ATZ\r1001\r", "ATZ\r1001\r", false},
		{"ATZ\r1902FF\r22F190\r3E00\r", "ATZ\r1902FF\r22F190\r3E00\r", false},
		{"ATZ\r2EF19041\r", "ATZ\r", true},
		{"ATZ\r    ATMA\r    ", "ATZ\r    ATMA\r    ", false},
		// Raw frames: the first byte is the control byte.
		{"ATZ\rATSH7DF\rATCAF0\r02010C\r", "ATZ\rATSH7DF\rATCAF0\r02010C\r", false},
		{"ATZ\rATCAF0\r0104\r", "ATZ\rATCAF0\r", true},
		{"ATZ\rATCAF0\r03010C0D\r", "ATZ\rATCAF0\r03010C0D\r", false},
		{"ATZ\rATCAF0\r10082EF190\r", "ATZ\rATCAF0\r", true},
		{"ATZ\rATSP6\rATCAF0\r300000\r", "ATZ\rATSP6\rATCAF0\r300000\r", false},
		// Off CAN there are no control bytes, whatever AT CAF says.
		{"ATZ\rATSP5\rATCAF0\r040100\r", "ATZ\rATSP5\rATCAF0\r", true},
		{"ATZ\rATCAF0\r040100\r", "ATZ\rATCAF0\r", true},
		{"ATZ\rATCAF0\r2E0101\r", "ATZ\rATCAF0\r", true},
		{"ATZ\rATSPA6\rATCAF0\r310101\r", "ATZ\rATSPA6\rATCAF0\r", true},
		{"ATZ\rATSP6\rATCAF0\rATZ\r040100\r", "ATZ\rATSP6\rATCAF0\rATZ\r", true},
		{"ATZ\rATSP6\rATSP3\rATCAF0\r040100\r", "ATZ\rATSP6\rATSP3\rATCAF0\r", true},
		// Behind three digits the K-line reads 00 04 05 01: service 04 of a message without addresses.
		{"ATZ\rATSP5\rATSH405\r01\r", "ATZ\rATSP5\rATSH405\r", true},
		{"ATZ\rATSH104\rATSP3\r05\r", "ATZ\rATSH104\rATSP3\r", true},
		{"ATZ\rATSP3\rATSH686AF1\r0100\r", "ATZ\rATSP3\rATSH686AF1\r0100\r", false},
		// A clone may say OK to AT CAF0 and format all the same; one that lost its supply for a moment does too.
		{"ATZ\rATSP6\rATCAF0\r0401000000\r", "ATZ\rATSP6\rATCAF0\r", true},
		{"ATZ\rATSP6\rATCAF0\rSTRESET\r040100\r", "ATZ\rATSP6\rATCAF0\rSTRESET\r", true},
		{"ATZ\rATSP6\rATCAF0\rATZ\r0104\r", "ATZ\rATSP6\rATCAF0\rATZ\r", true}, // a clone may have refused the second ATZ
		{"ATZ\rATSP6\rATCAF0\rATZ\rATCAF1\r0104\r", "ATZ\rATSP6\rATCAF0\rATZ\rATCAF1\r0104\r", false},
		// TSC1 of SAE J1939-71 (speed control) begins like a request.
		{"ATZ\rATSPA\rATSH000003\r01803EFFFFFFFFFF\r", "ATZ\rATSPA\r", true},
		{"ATZ\rATSPA\rATSHEF0003\r01803EFFFFFFFFFF\r", "ATZ\rATSPA\rATSHEF0003\r", true},
		{"ATZ\rATSPA\rSTPXH:0C000003,D:01803EFFFFFFFFFF\r", "ATZ\rATSPA\r", true},
		{"ATZ\rSTP42\rSTPXH:0C000003,D:01803EFFFFFFFFFF\r", "ATZ\rSTP42\r", true},
		{"ATZ\rATCAF0\r0104\r|ATCAF1\r0104\r", "ATZ\rATCAF0\rATCAF1\r0104\r", true},
		{"ATZ\rATSH6F1\rATCAF0\r03010C0D\r", "ATZ\rATSH6F1\rATCAF0\r", true},
		{"0104\r", "", true}, // the formatting that an earlier program left is not known
		{"0100\r", "0100\r", false},
		{"ATZ\rATSPB\r0104\r", "ATZ\rATSPB\r", true}, // the user's CAN may be without formatting
		// An address extension shifts what an ECU without one reads.
		{"ATZ\rATCEA01\r220C0D05\r", "ATZ\rATCEA01\r", true},
		{"ATZ\rATCEAF1\r22F190\rATCEA\r", "ATZ\rATCEAF1\r22F190\rATCEA\r", false},
		{"ATZ\rATCEA02\r22" + strings.Repeat("01", 256) + "\r", "ATZ\rATCEA02\r", true}, // 02 11 01: ECUReset
		{"ATZ\rATSH6F1\r0104\r", "ATZ\rATSH6F1\r", true},                                // ECU 02 reads clear codes
		{"ATZ\rATSH6F1\rATSH7E0\r0104\r", "ATZ\rATSH6F1\rATSH7E0\r0104\r", false},
		{"ATZ\rATSH6F1\rATCEA12\r0104\r", "ATZ\rATSH6F1\rATCEA12\r0104\r", false},
		{"ATZ\rATSH714\r22F190\r1902FF\r0902\r", "ATZ\rATSH714\r22F190\r1902FF\r0902\r", false},
		{"ATZ\rSTPXH:6F1,D:0104\r", "ATZ\r", true},
		{"ATZ\rSTPXH:7E0,D:0104\r0104\r", "ATZ\rSTPXH:7E0,D:0104\r0104\r", false},
		// Messages that the adapter sends by itself.
		{"ATWMC133F13E\r", "ATWMC133F13E\r", false},
		{"ATWM C1 33 F1 04\r", "", true},
		{"ATWM0104\r", "", true},
		{"ATWM02040101\r", "", true}, // without addresses the service is the second byte
		{"ATFCSD300000\r", "ATFCSD300000\r", false},
		{"ATFCSD0104\r", "", true},
		{"ATFCSD023101\r", "", true},
		{"ATFCSD40300000\r", "ATFCSD40300000\r", false},
		{"ATFCSD10302EF190\r", "", true}, // a first frame of WriteDataByIdentifier; raw 21, 22, ... would complete it
		{"ATFCSD3002110100\r", "", true}, // ECUReset to the ECU with the address extension 30
		{"ATFCSD30020A\rATFCSD30080A\r", "ATFCSD30020A\rATFCSD30080A\r", false},
		{"ATZ\rATSP6\rATCAF1\rATPB8001\r10812EF190414141\r", "ATZ\rATSP6\rATCAF1\rATPB8001\r", true}, // a first frame, or session 81
		{"ATSH0104FA\r", "", true},
		{"ATSH000211\r", "", true}, // with 01 behind it ECUReset, on a K-line without addresses
		// A signal file's header 0C000003 with 22F190: TSC1, the torque limited to 19 %.
		{"ATZ\rATCP0C\rATSH000003\r", "ATZ\rATCP0C\r", true},
		{"ATZ\rATSH0C000003\r", "ATZ\r", true},
		{"ATZ\rSTPXH:0C000003,D:22F190\r", "ATZ\r", true},
		{"ATSH14DA97F1\rATSH17FC0076\rATSHCD10F1\r", "ATSH14DA97F1\rATSH17FC0076\rATSHCD10F1\r", false},
		{"ATSH7E0\rATSHDA10F1\rATSH8210F1\rATSH18DA10F1\r", "ATSH7E0\rATSHDA10F1\rATSH8210F1\rATSH18DA10F1\r", false},
		// SAE J1939: requests of groups that only report, sent as a service tool, whichever way the bytes are turned.
		{"ATZ\rATSPA\r00FEEC\r", "ATZ\rATSPA\r00FEEC\r", false},
		{"ATZ\rATSPA\rATSHEA00F9\r00FECA\r00F0041\r", "ATZ\rATSPA\rATSHEA00F9\r00FECA\r00F0041\r", false},
		{"ATZ\rATSPA\rATSH18EA00FA\r00FECA\r", "ATZ\rATSPA\rATSH18EA00FA\r00FECA\r", false},
		{"ATZ\rATSPA\rATJS\rCAFE00\r", "ATZ\rATSPA\rATJS\rCAFE00\r", false},
		{"ATZ\rATSPA\r00FED3\r", "ATZ\rATSPA\r", true}, // DM11
		{"ATZ\rATSPA\rATJS\rD3FE00\r", "ATZ\rATSPA\rATJS\r", true},
		{"ATZ\rATSPA\rATSHEA00F9\r00FECC\r", "ATZ\rATSPA\rATSHEA00F9\r", true}, // DM3
		{"ATZ\rSTP42\rSTPXH:18EA00F9,D:D3FE00\r", "ATZ\rSTP42\r", true},
		{"ATZ\rATSPA\rSTPXD:D3FE00\r", "ATZ\rATSPA\r", true},
		{"ATZ\rATSPA\rATCAF0\rD3FE00\r", "ATZ\rATSPA\rATCAF0\r", true},
		{"ATSPA\rATSHEA00F9\r00FEEC\r", "ATSPA\rATSHEA00F9\r", true}, // AT JS may stand from before
		{"ATSPA\rATJE\r00FEEC\r", "ATSPA\rATJE\r00FEEC\r", false},
		{"ATZ\rATSPA\rATSHEA0000\r00FECA\r", "ATZ\rATSPA\rATSHEA0000\r", true}, // in the engine's name
		{"ATZ\rATSPA\rATTA00\r00FECA\r", "ATZ\rATSPA\rATTA00\r", true},
		{"ATZ\rATSPA\rATSHEA00F9\rATCP0D\r00FECA\r", "ATZ\rATSPA\rATSHEA00F9\rATCP0D\r", true}, // data page 1: another group
		{"ATZ\rATSPA\r0100FEEC\r", "ATZ\rATSPA\r", true},
		{"ATZ\rATSPA\rATSHDA00F1\r0104\r", "ATZ\rATSPA\rATSHDA00F1\r", true}, // raw on this line: service 04
		{"ATZ\rATSPA\rATSHE300F9\rF7FFFFFF\r", "ATZ\rATSPA\rATSHE300F9\r", true},
		// Their identifiers on the 29-bit lines of ISO 15765, as a signal file may have them.
		{"ATZ\rATSP7\rATSH18EF00F9\r22F190\r", "ATZ\rATSP7\rATSH18EF00F9\r", true},
		{"ATZ\rATSP9\rATCP18\rATSHC300F1\r01\r", "ATZ\rATSP9\rATCP18\rATSHC300F1\r", true},
		{"ATZ\rATSHEF0003\r0100\r", "ATZ\rATSHEF0003\r", true},
		{"ATZ\rATSP7\rATSHFEF100\r0100\r", "ATZ\rATSP7\rATSHFEF100\r", true},
		{"ATZ\rATSP7\rSTPXH:18EF00F9,D:22F190\r0100\r", "ATZ\rATSP7\r", true},
		{"ATZ\rATSP7\rATCP17\rATSHFC0076\r22F190\r", "ATZ\rATSP7\rATCP17\rATSHFC0076\r22F190\r", false},
		{"ATZ\rATSP7\rATCP17\rATSHFC0076\rATCP18\r22F190\r", "ATZ\rATSP7\rATCP17\rATSHFC0076\rATCP18\r", true},
		{"ATZ\rATSP7\rATSHDA10F1\r22F190\rATSHCD10F1\r22F190\r", "ATZ\rATSP7\rATSHDA10F1\r22F190\rATSHCD10F1\r22F190\r", false},
		{"ATZ\rATSH8210F1\r0100\rATSHC233F1\r0100\rATSH6C10F1\r0100\r", "ATZ\rATSH8210F1\r0100\rATSHC233F1\r0100\rATSH6C10F1\r0100\r", false},
		{"ATZ\rATFCSH18EF0003\r", "ATZ\r", true},
		{"ATZ\rATFCSH18DA10F1\r", "ATZ\rATFCSH18DA10F1\r", false},
		{"ATRTR\r", "", true},
		{"ATZ\rSTPX H:7E0, D:22F190, R:1\r", "ATZ\rSTPX H:7E0, D:22F190, R:1\r", false},
		{"ATZ\rSTPXH:7E0,D:04\r", "ATZ\r", true},
		{"ATZ\rSTPXD:22F190,D:04\r", "ATZ\r", true},
		{"ATZ\rSTPXH:7E0,L:1\r", "ATZ\r", true},
		{"STPPMA1000,7E0,04\r", "", true},
		// What changes the adapter for good.
		{"ATPP0CSV23\r", "", true},
		{"ATPPS\r", "ATPPS\r", false},
		{"AT@3MYADAPTER0001\r", "", true},
		{"ATSD55\r", "", true},
		{"ATCV1260\r", "", true},
		{"STWBR\r", "", true},
		{"STSATI HELLO\r", "", true},
		{"ATXYZ\r", "", true},
		{strings.Repeat("0", 9000) + "\r", "", true},
	} {
		port := &sink{}
		g := elm327.Guard(port, link.ReadOnly())
		refused := false
		for part := range strings.SplitSeq(row.write, "|") {
			_, err := g.Write([]byte(part))
			refused = refused || err != nil
			if err != nil && errs.KindOf(err) != errs.Denied {
				t.Errorf("%q: error %v", row.write, err)
			}
		}
		if port.String() != row.passes || refused != row.refused {
			t.Errorf("%.40q: passed %q, want %q; refused %v, want %v", row.write, port.String(), row.passes, refused, row.refused)
		}
	}
}

func TestGuardAllowsWhatWasConfirmed(t *testing.T) {
	port := &sink{}
	g := elm327.Guard(port, link.ReadOnly().With(0x04))
	if _, err := g.Write([]byte("ATZ\r04\r")); err != nil || port.String() != "ATZ\r04\r" {
		t.Errorf("passed %q, %v", port.String(), err)
	}
	if _, err := g.Write([]byte("ATSPA\r00FED3\r00FECC\r")); err != nil { // DM11 and DM3 erase as service 04 does
		t.Error(err)
	}
	if _, err := g.Write([]byte("00C300\r")); errs.KindOf(err) != errs.Denied { // DM22
		t.Errorf("DM22: %v", err)
	}
	if _, ok := g.(link.SpeedSetter); ok {
		t.Error("a port without a speed got one")
	}
	if _, ok := elm327.Guard(&serialPort{scripted: newScripted(nil)}, link.Allow{}).(link.SpeedSetter); !ok {
		t.Error("a port with a speed lost it")
	}
}
