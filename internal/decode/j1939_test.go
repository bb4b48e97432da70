package decode_test

import (
	"strings"
	"testing"

	"github.com/fleetms/obdctl/internal/catalog"
	"github.com/fleetms/obdctl/internal/catalog/dtc"
	"github.com/fleetms/obdctl/internal/decode"
)

func TestLogsOfTrucks(t *testing.T) {
	d := &decode.Decoder{Catalog: catalog.Builtin(), Book: dtc.Builtin()}
	for _, c := range []struct{ name, log, signal, code, text string }{
		{"candump", "(1.0) can0 0CF00400#0000006813000000", "RPM", "", ""},
		{"candump, a single code", "(1.0) can0 18FECA00#40FF64000103FFFF", "", "SPN 100 FMI 1", ""},
		{"candump, codes by broadcast", "(1.0) can0 18ECFF00#200A0002FFCAFE00\n(1.1) can0 18EBFF00#0140FF640001035B\n(1.2) can0 18EBFF00#02000301FFFFFFFF", "", "SPN 91 FMI 3", ""},
		{"formatted by an ELM327", "6 0FEEF 00 FF FF FF 64 FF FF FF FF", "SPN100", "", ""},
		{"identifier by an ELM327", "18 FE EE 00 7D FF FF FF FF FF FF FF", "ECT", "", ""},
		{"request", "(1.0) can0 18EA00F9#CAFE00", "", "", "asks for PGN 65226 (DM1)"},
	} {
		var signals, codes, texts []string
		err := d.Stream(strings.NewReader(c.log), catalog.Request{}, func(r decode.Result) error {
			for _, s := range r.Signals {
				signals = append(signals, s.Signal)
			}
			for _, x := range r.Codes {
				codes = append(codes, x.Code)
			}
			texts = append(texts, r.Text...)
			return nil
		})
		got := strings.Join(signals, ",") + "|" + strings.Join(codes, ",") + "|" + strings.Join(texts, ",")
		if err != nil || !strings.Contains(got, c.signal) || !strings.Contains(got, c.code) || !strings.Contains(got, c.text) {
			t.Errorf("%s: got %s, %v", c.name, got, err)
		}
	}
}
