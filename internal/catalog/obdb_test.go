package catalog_test

import (
	"strings"
	"testing"

	"github.com/fleetms/obdctl/internal/catalog"
	"github.com/fleetms/obdctl/internal/obd"
)

func obdb(commands string) []byte { return []byte("{ \"commands\": [\n" + commands + "\n]}") }

func TestParseOBDb(t *testing.T) {
	commands, err := catalog.Parse("demo.json", obdb(`
{ "hdr": "6F1", "rax": "612", "eax": "12", "fcm1": true, "cmd": {"22": "D10D"}, "freq": 1, "filter": { "from": 2015, "years": [2012] }, "din": "03",
  "signals": [
    {"id": "DEMO_SPEED", "path": "Movement", "fmt": {"len": 16, "max": 300, "div": 100, "unit": "kilometersPerHour", "nullmax": 300}, "name": "Speed", "suggestedMetric": "speed"},
    {"id": "DEMO_TRIM", "fmt": {"bix": 16, "len": 8, "max": 99, "min": -100, "mul": 100, "div": 128, "add": -100, "unit": "percent"}, "name": "Trim"},
    {"id": "DEMO_LSB", "fmt": {"bix": 24, "len": 16, "blsb": true, "sign": true, "max": 400, "min": -400, "div": 10, "unit": "amps", "nullmin": -300}, "name": "Current"},
    {"id": "DEMO_OPEN", "fmt": {"bix": 47, "len": 1, "max": 1, "unit": "noyes"}, "name": "Door open"},
    {"id": "DEMO_GEAR", "fmt": {"bix": 40, "len": 4, "map": {"1": {"value": "P", "description": "park"}, "2": "R"}}, "name": "Gear"},
    {"id": "DEMO_NEW", "fmt": {"bix": 48, "len": 8, "max": 255, "unit": "hogsheads"}, "name": "Unit of tomorrow"}
  ]}`))
	if err != nil {
		t.Fatal(err)
	}
	c := commands[0]
	if c.String() != "6F1:12.22D10D" || c.Reply != obd.CAN11(0x612) || c.Session != 3 || c.Source != "demo.json:3" || c.Years.Has(2013) || !c.Years.Has(2012) {
		t.Errorf("command %+v", c)
	}
	values, err := c.Decode(nil, []byte{0xFF, 0xFF, 0x90, 0x9C, 0xFF, 0x21, 7})
	if err != nil {
		t.Fatal(err)
	}
	type row struct {
		number float64
		text   string
		absent bool
		unit   string
	}
	want := map[string]row{
		"DEMO_SPEED": {300, "", true, "km/h"}, // clamped as the form says, and at nullmax
		"DEMO_TRIM":  {12.5, "", false, "%"},
		"DEMO_LSB":   {-10, "", false, "A"},
		"DEMO_OPEN":  {1, "", false, ""},
		"DEMO_GEAR":  {2, "R", false, ""},
		"DEMO_NEW":   {7, "", false, ""},
	}
	for _, v := range values {
		if got := (row{v.Number, v.Text, v.Absent, v.Signal.Unit}); got != want[v.Signal.ID] {
			t.Errorf("%s = %+v, want %+v", v.Signal.ID, got, want[v.Signal.ID])
		}
	}
	values, _ = c.Decode(nil, []byte{0, 1, 0, 0x00, 0x80})
	if v := values[2]; !v.Absent {
		t.Errorf("%s = %v below nullmin is there", v.Signal.ID, v.Number)
	}
}

func TestOBDbAddresses(t *testing.T) {
	rows := []struct{ entry, header, reply string }{
		{`"hdr": "7E0"`, "7E0", ""},
		{`"hdr": "7E0", "rax": "7E8"`, "7E0", "7E8"},
		{`"hdr": "7DF"`, "", ""},
		{`"hdr": "DA10", "rax": "10"`, "18DA10F1", "18DAF110"},
		{`"hdr": "DA10", "rax": "10", "tst": "F9"`, "18DA10F9", "18DAF910"},
		{`"hdr": "DA11", "rax": "2AF111", "pri": "14"`, "14DA11F1", "142AF111"},
		{`"hdr": "DB33"`, "", ""},
		{`"hdr": "686A"`, "", ""},
		{`"hdr": "750", "rax": "758", "eax": "0F"`, "750:0F", "758"},
	}
	for _, row := range rows {
		commands, err := catalog.Parse("x.json", obdb(`{`+row.entry+`, "cmd": {"21": "01"}, "freq": 1, "signals": [{"id": "A", "fmt": {"len": 8, "max": 1, "unit": "scalar"}, "name": "a"}]}`))
		if err != nil {
			t.Errorf("%s: %v", row.entry, err)
			continue
		}
		if c := commands[0]; c.Header.String() != row.header || c.Reply.String() != row.reply {
			t.Errorf("%s: header %q reply %q, want %q %q", row.entry, c.Header, c.Reply, row.header, row.reply)
		}
	}
}

func TestStandardWins(t *testing.T) {
	commands, err := catalog.Parse("x.json", obdb(`
{ "hdr": "7E0", "rax": "7E8", "cmd": {"01": "06"}, "freq": 1, "signals": [
  {"id": "SHRTFT1", "fmt": {"len": 8, "max": 99.2, "min": -100, "mul": 100, "div": 128, "add": -128, "unit": "percent"}, "name": "trim"},
  {"id": "DEMO_OWN", "fmt": {"bix": 16, "len": 8, "max": 255, "unit": "scalar"}, "name": "a byte of the maker's"},
  {"id": "RPM", "fmt": {"len": 8, "max": 255, "unit": "rpm"}, "name": "not here"}]}`))
	if err != nil {
		t.Fatal(err)
	}
	c := commands[0]
	values, _ := c.Decode(nil, []byte{0x70, 0x80, 0x09})
	got := map[string]float64{}
	for _, v := range values {
		got[v.Signal.ID] = v.Number
	}
	if got["SHRTFT1"] != -12.5 || got["DEMO_OWN"] != 9 || len(got) != 3 {
		t.Errorf("values %v", got)
	}
	if len(c.Conflicts) != 2 || !strings.Contains(c.Conflicts[0], "SHRTFT1: the file reads bits 0-7 * 100/128 -128, SAE J1979 bits 0-7 * 100/128 -100") {
		t.Errorf("conflicts %q", c.Conflicts)
	}
}

func TestOBDbErrorsNameTheLine(t *testing.T) {
	signal := `"signals": [
{"id": "A", "fmt": `
	rows := []struct{ text, want string }{
		{`{`, "x.json:1: the file ends too early"},
		{`{"commands": [`, "x.json:1: the file ends too early"},
		{"{\n\"a\" 1}", "x.json:2: invalid character"},
		{`{}`, "x.json:1: the signal set has no commands"},
		{"{\"commands\": []}\n{}", "x.json:2: something follows"},
		{`{"commands": {}}`, "x.json:1: commands must be a list"},
		{string(obdb(`{"cmd": {"22": "F190"}, "signals": []}`)), "x.json:2: the command has no hdr"},
		{string(obdb(`{"hdr": "7E0", "signals": []}`)), "x.json:2: the command has no cmd"},
		{string(obdb(`{"hdr": "7E0", "cmd": {"22": "F190"}}`)), "x.json:2: the command has no signals"},
		{string(obdb(`{"hdr": "7E0", "cmd": {"22": "F1900"}, "signals": []}`)), `x.json:2: "F1900" is not`},
		{string(obdb(`{"hdr": "XYZ", "cmd": {"22": "F190"}, "signals": []}`)), `x.json:2: header "XYZ" is not hexadecimal`},
		{string(obdb(`{"hdr": "FFF", "cmd": {"22": "F190"}, "signals": []}`)), `x.json:2: address "FFF" is out of range`},
		{string(obdb(`{"hdr": "7E0", "cmd": {"22": "F190"}, ` + signal + `{"len": 80, "max": 1, "unit": "scalar"}}]}`)), "x.json:3: signal A: a number has 1 to 64 bits"},
		{string(obdb(`{"hdr": "7E0", "cmd": {"22": "F190"}, ` + signal + `{"len": 8, "div": 0}}]}`)), "x.json:3: signal A: mul and div must not be 0"},
		{string(obdb(`{"hdr": "7E0", "cmd": {"22": "F190"}, ` + signal + `{"len": "x"}}]}`)), "x.json:3: \"x\" is not a whole number"},
		{strings.Repeat(`{"a":`, 100), "nested deeper than 64"},
	}
	for _, row := range rows {
		_, err := catalog.Parse("x.json", []byte(row.text))
		if err == nil || !strings.Contains(err.Error(), row.want) {
			t.Errorf("%s\n gives %v\n want %s", row.text, err, row.want)
		}
	}
}
