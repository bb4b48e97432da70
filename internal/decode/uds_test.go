package decode_test

import (
	"strings"
	"testing"
)

func TestRepliesOfUDSAreUnderstood(t *testing.T) {
	for name, c := range map[string]struct {
		input, request string
		codes          string // code/kind/class of each
		text           string
		signals        string // id of each
		vin            string
		failure        string
	}{
		"codes by status":    {input: "59 02 FF 03 01 11 2F D1 00 87 04", codes: "P0301/stored/ U1100/pending/"},
		"a code never seen":  {input: "7E8 07 59 02 FF 03 01 00 50", text: "P0301-00, not completed since clear, not completed this cycle"},
		"no codes":           {input: "7E8 03 59 02 FF", text: "no codes"},
		"WWH-OBD":            {input: "59 42 33 FF FE 04 22 20 EE 00 2F", codes: "P20EE/stored/A"},
		"permanent":          {input: "7E8 07 59 15 FF 03 01 00 08", codes: "P0301/permanent/"},
		"count":              {input: "7E8 06 59 01 FF 04 00 03", text: "3 codes"},
		"cleared":            {input: "7E8 01 54", text: "cleared"},
		"PIDs behind DIDs":   {input: "62 F4 0C 0C 80 F4 0D 32", request: "22F40CF40D", signals: "RPM VSS"},
		"VIN":                {input: "62 F1 90 31 4D 38 47 44 4D 39 41 58 4B 50 30 34 32 37 38 38", vin: "1M8GDM9AXKP042788"},
		"tester present":     {input: "7E8 02 7E 00", text: "service 3E: positive response 00"},
		"session":            {input: "7E8 06 50 03 00 32 01 F4", text: "service 10: positive response 03003201F4"},
		"a code that is cut": {input: "7E8 06 59 02 FF 03 01 11", failure: "malformed"},
		"refused":            {input: "7E8 03 7F 19 12", failure: "negative"},
	} {
		t.Run(name, func(t *testing.T) {
			results := run(t, c.input, c.request)
			if len(results) != 1 {
				t.Fatalf("%d results", len(results))
			}
			r := results[0]
			var codes, signals []string
			for _, d := range r.Codes {
				codes = append(codes, d.Code+"/"+string(d.Kind)+"/"+d.Class)
			}
			for _, s := range r.Signals {
				signals = append(signals, s.Signal)
			}
			failure := ""
			if r.Error != nil {
				failure = r.Error.Kind
			}
			vin := ""
			if len(r.Info) > 0 {
				vin = r.Info[0].VIN
			}
			if got := strings.Join(codes, " "); got != c.codes || strings.Join(r.Text, "; ") != c.text ||
				strings.Join(signals, " ") != c.signals || failure != c.failure || vin != c.vin {
				t.Errorf("codes %q, text %q, signals %q, failure %q, VIN %q", codes, r.Text, signals, failure, vin)
			}
		})
	}
}

func TestRepliesOfUDSKeepTheirFields(t *testing.T) {
	for _, c := range []struct {
		input, request string
		valid, answers bool
		outcome        string
	}{
		{"63 01 02", "2312200002", true, true, "positive response"},
		{"63 01 02 03", "2312200002", true, false, "positive response"},
		{"74 20 0F A2", "", true, true, "positive response"},
		{"50 00 01 12 34", "220001", true, false, "positive response"},
		{"78 05 02 AB CD 00 00", "380500022F61", false, false, "positive response"}, // looks like a frame of 780
		{"7F 36 73", "3655", true, true, "wrong block sequence counter"},
		{"7F 22 31", "1902FF", true, false, "request out of range"},
		{"7E8 03 7F 22 31", "", true, true, "request out of range"},
	} {
		results := run(t, c.input, c.request)
		if len(results) != 1 || len(results[0].UDS) != 1 {
			t.Errorf("%s to %s: %+v", c.input, c.request, results)
			continue
		}
		if x := results[0].UDS[0]; x.Valid != c.valid || x.Answers != c.answers || x.Outcome != c.outcome {
			t.Errorf("%s to %s: %+v", c.input, c.request, x)
		}
	}
}
