package decode_test

import (
	"strings"
	"testing"

	"github.com/fleetms/obdctl/internal/catalog"
	"github.com/fleetms/obdctl/internal/catalog/dtc"
	"github.com/fleetms/obdctl/internal/decode"
	"github.com/fleetms/obdctl/internal/obd"
)

const tyres = `
service: 21
header: "750:2A"
reply: "758"
commands:
  - id: 16
    name: Tyre temperature
    signals:
      - {id: MY_TYRE_FL, name: Front left, at: A, offset: -40, unit: Cel}
`

func decoder(t testing.TB) *decode.Decoder {
	own, err := catalog.Parse("own.yaml", []byte(tyres))
	if err != nil {
		t.Fatal(err)
	}
	return &decode.Decoder{Catalog: catalog.Builtin().With(own...), Book: dtc.Builtin()}
}

func run(t testing.TB, input, request string) []decode.Result {
	t.Helper()
	var given catalog.Request
	if request != "" {
		var err error
		if given, err = catalog.ParseRequest(request); err != nil {
			t.Fatal(err)
		}
	}
	var results []decode.Result
	err := decoder(t).Stream(strings.NewReader(input), given, func(r decode.Result) error {
		results = append(results, r)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return results
}

func last(t testing.TB, results []decode.Result, signal string) obd.Reading {
	t.Helper()
	var found obd.Reading
	for _, r := range results {
		for _, s := range r.Signals {
			if s.Signal == signal {
				found = s
			}
		}
	}
	if found.Signal == "" {
		t.Fatalf("no %s in %+v", signal, results)
	}
	return found
}

func TestValuesOfEveryWayToWriteThem(t *testing.T) {
	for _, c := range []struct {
		name, input, request, signal string
		want                         float64
	}{
		{"message", "41 0C 1A F8", "", "RPM", 1726},
		{"a message that looks like a frame of 414", "41422EDC", "", "VPWR", 11.996},
		{"frame, blanks", "7E8 04 41 0C 1A F8", "", "RPM", 1726},
		{"frame, no blanks", "7E804410C1AF8", "", "RPM", 1726},
		{"29 bit", "18DAF110 04 41 0C 1A F8", "", "RPM", 1726},
		{"echo and prompt", "010C\r7E8 04 41 0C 1A F8 \r\r>", "", "RPM", 1726},
		{"K-line", "86 F1 10 41 00 BE 3E B8 11 8D\r83 F1 11 41 0D 50 23", "", "VSS", 80},
		{"several ECUs, the last counts", "DB33.0105\t18DAF1110341057A 18DAF11D0341057B", "", "ECT", 83},
		{"padding that was kept", "010C1\t410C0AF4000000", "", "RPM", 701},
		{"an adapter's words between", "DB33.010D\t18DAF11103410D22 18DAF11D03410D7C CAN ERROR", "", "VSS", 124},
		{"echoes of other requests between", "7E0.010D\t> DA18.18.22051A CAN ERROR > 7DF.010D 7E803410D11FFFFFFFF", "", "VSS", 17},
		{"extended addressing", "750.758.2116|e=2A,fc=1\t758F103611655AAAA", "", "MY_TYRE_FL", 45},
		{"candump", "(1.5) can0 7DF#02010C0000000000\n(1.6) can0 7E8#04410C1AF8000000", "", "RPM", 1726},
		{"candump, long form", "  can0  7E8   [8]  04 41 0C 1A F8 00 00 00", "", "RPM", 1726},
	} {
		results := run(t, c.input, c.request)
		if got := last(t, results, c.signal); got.Value != c.want {
			t.Errorf("%s: %s is %v, want %v", c.name, c.signal, got.Value, c.want)
		}
	}
}

func TestBroadcastFramesOfADBCFile(t *testing.T) {
	own, err := catalog.Parse("wheels.dbc", []byte("VERSION \"\"\nNS_ :\nBS_:\nBU_: ECU\n"+
		"BO_ 291 Wheels: 8 ECU\n SG_ FL : 0|16@1+ (0.01,0) [0|655] \"km/h\" ECU\n"))
	if err != nil {
		t.Fatal(err)
	}
	d := &decode.Decoder{Catalog: catalog.Builtin().With(own...), Book: dtc.Builtin()}
	var results []decode.Result
	// The first bytes look like a first frame and like a single one.
	log := "(1.0) can0 123#1027000000000000\n(1.1) can0 123#0010002000000000\n"
	if err := d.Stream(strings.NewReader(log), catalog.Request{}, func(r decode.Result) error {
		results = append(results, r)
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	if len(results) != 2 || results[0].Signals[0].Value != 100 || results[1].Signals[0].Value != 40.96 {
		t.Errorf("got %+v", results)
	}
}

func TestSeveralPIDsInOneReply(t *testing.T) {
	results := run(t, "00F\r0:410C000010001\r", "010C10")
	if len(results) == 0 {
		t.Fatal("no result")
	}
	results = run(t, "7E8 07 41 0C 1A F8 0D 50 55", "010C0D")
	if len(results) != 1 || len(results[0].Signals) != 2 || results[0].Error != nil {
		t.Fatalf("got %+v", results)
	}
}

func TestCodesVINAndFailures(t *testing.T) {
	for _, c := range []struct {
		name, input, request string
		check                func(decode.Result) bool
	}{
		{"codes on CAN", "7E8 06 43 02 01 33 D2 18", "03", func(r decode.Result) bool {
			return len(r.Codes) == 2 && r.Codes[0].Code == "P0133" && r.Codes[0].Known && r.Codes[1].Code == "U1218" && !r.Codes[1].Known
		}},
		{"codes on the older lines", "43 01 33 00 00 00 00", "03", func(r decode.Result) bool {
			return len(r.Codes) == 1 && r.Codes[0].Code == "P0133"
		}},
		{"no codes", "7E8 02 43 00", "03", func(r decode.Result) bool { return len(r.Codes) == 0 && r.Error == nil }},
		{"negative", "7EC 03 7F 01 7F", "0100", func(r decode.Result) bool {
			return r.Error != nil && r.Error.Kind == "negative" && *r.Error.NRC == 0x7F
		}},
		{"banner, data, then a fault", "SEARCHING...\r7E8 06 41 00 BE 3F A8 13 \rSTOPPED\r\r>\r>", "0100", func(r decode.Result) bool {
			return len(r.Supported) == 1 && r.Error != nil && r.Error.Text == "STOPPED"
		}},
		{"a marked line", "43 01 33 00 00 00 00 <DATA ERROR\r\r>", "03", func(r decode.Result) bool {
			return r.Error != nil && r.Error.Kind == "adapter" && r.Error.Text == "DATA ERROR"
		}},
		{"echo, length, part", "018B1\r009\r0:418B7302C902\r\r>", "018B", func(r decode.Result) bool {
			return r.Error != nil && r.Error.Kind == "incomplete"
		}},
		{"a version", "\xfc\r\rELM327 v1.5\r\r>", "", func(r decode.Result) bool {
			return r.Error == nil && len(r.Text) == 1 && r.Text[0] == "ELM327 v1.5"
		}},
		{"a voltage", "ATRV\r14.1V\r>", "", func(r decode.Result) bool { return r.Error == nil && len(r.Text) == 1 }},
		{"VIN on the K-line, line by line", "48 6B 10 49 02 01 00 00 00 31 FF\n48 6B 10 49 02 02 44 34 47 50 FF\n48 6B 10 49 02 03 30 30 52 35 FF\n48 6B 10 49 02 04 35 42 31 32 FF\n48 6B 10 49 02 05 33 34 35 37 FF", "", func(r decode.Result) bool {
			return len(r.Info) == 1 && r.Info[0].VIN == "1D4GP00R55B123457" && r.Error == nil
		}},
		{"nothing behind the service", "41", "", func(r decode.Result) bool {
			return r.Error != nil && r.Error.Kind == "malformed"
		}},
		{"NO DATA", "NO DATA", "0100", func(r decode.Result) bool {
			return r.Error != nil && r.Error.Kind == "adapter" && r.Error.Text == "NO DATA"
		}},
		{"cut by a count digit", "009\r0:418B7302C902", "018B", func(r decode.Result) bool {
			return r.Error != nil && r.Error.Kind == "incomplete"
		}},
		{"a DID that nobody described", "7E8 05 62 12 34 56 78", "7E0.221234", func(r decode.Result) bool {
			return r.Error != nil && r.Error.Kind == "unknown"
		}},
	} {
		results := run(t, c.input, c.request)
		if len(results) != 1 || !c.check(results[0]) {
			t.Errorf("%s: got %+v", c.name, results)
		}
	}
}

func TestOneResultPerRow(t *testing.T) {
	results := run(t, "0105\t7E80341057A\nnonsense\t41\n\n# a remark\n010C\t7E8 04 41 0C 1A F8\n", "")
	if len(results) != 3 || results[1].Error == nil || results[1].Error.Kind != "input" || results[2].Line != 5 {
		t.Errorf("got %+v", results)
	}
}

func FuzzStream(f *testing.F) {
	for _, s := range []string{
		"41 0C 1A F8", "7E8 10 14 49 02 01 31 44 34\r7E8 21 47 50 30 30 52 35 35", "DB33.0105\t18DAF1110341057A",
		"(1.5) can0 7E8#04410C1AF8000000", "014\r0: 49 02 01\r>", "750.758.2116|e=2A\t758F1036116", "NO DATA>",
	} {
		f.Add(s)
	}
	d := decoder(f)
	f.Fuzz(func(t *testing.T, s string) {
		lines := 0
		err := d.Stream(strings.NewReader(s), catalog.Request{}, func(r decode.Result) error {
			if r.Line <= lines-1024 || r.Line < 1 {
				t.Errorf("line %d", r.Line)
			}
			lines = max(lines, r.Line)
			return nil
		})
		if err != nil {
			t.Error(err)
		}
	})
}

// TestRequestIsNoReply must not take a request to clear codes for its confirmation.
func TestRequestIsNoReply(t *testing.T) {
	r := run(t, "7E0 01 04", "")
	if len(r) != 1 || r[0].Error == nil || r[0].Error.Kind != "unknown" || len(r[0].Text) > 0 {
		t.Errorf("a request gives %+v", r)
	}
	r = run(t, "7E8 01 44", "")
	if len(r) != 1 || r[0].Error != nil || len(r[0].Text) != 1 || r[0].Text[0] != "cleared" {
		t.Errorf("the reply gives %+v", r)
	}
}

func TestLastBitmapEndsAtFF(t *testing.T) {
	r := run(t, "7E8 06 41 E0 FF FF FF FF", "")
	if len(r) != 1 || len(r[0].Supported) != 1 || len(r[0].Supported[0].IDs) != 31 || r[0].Supported[0].IDs[30] != 0xFF {
		t.Errorf("got %+v", r)
	}
}
