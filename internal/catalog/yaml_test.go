package catalog_test

import (
	"os"
	"strings"
	"testing"

	"github.com/fleetms/obdctl/internal/catalog"
	"github.com/fleetms/obdctl/internal/errs"
	"github.com/fleetms/obdctl/internal/obd"
)

const ownFile = `# a made-up car
service: 22
header: 7E4
reply: 7EC
states:
  lock: {0: [OPEN, open], 1: [SHUT, locked]}
commands:
  - id: 1E10
    name: Battery
    years: {from: 2019, also: [2017]}
    signals:
      - {id: DEMO_SOC, at: A, scale: 1/2, unit: "%"}
      - {id: DEMO_CURRENT, name: Pack current, at: B-C, signed: true, scale: 0.1, unit: A, range: [-400, 400]}
      - {id: DEMO_LOCK, at: D.7-6, states: lock}
      - {id: DEMO_LITTLE, at: E-F, order: little}
      - {id: DEMO_BITS, start: 33, bits: 3}
      - {id: DEMO_HEATER, at: D.0, support: D.1}
      - {id: DEMO_TEMP, at: G, offset: -40, unit: Cel, not_available: [255, 0-1]}
    example:
      bytes: 9B FF 38 42 34 12 41
      values: {DEMO_SOC: 77.5, DEMO_CURRENT: -20, DEMO_LOCK: SHUT}
  - {id: F190, header: 7E0, reply: 7E8, signals: [{id: DEMO_VIN, name: VIN, at: A-Q, kind: text}]}
`

func TestParseYAML(t *testing.T) {
	commands, err := catalog.Parse("demo.yaml", []byte(ownFile))
	if err != nil {
		t.Fatal(err)
	}
	if len(commands) != 2 {
		t.Fatalf("%d commands", len(commands))
	}
	c := commands[0]
	if c.String() != "7E4.221E10" || c.Reply != obd.CAN11(0x7EC) || c.Length != 7 || c.Source != "demo.yaml:8" {
		t.Errorf("command %s, reply %s, length %d, source %s", &c, c.Reply, c.Length, c.Source)
	}
	if c.Years.Has(2018) || !c.Years.Has(2017) || !c.Years.Has(2024) || !c.Years.Has(0) {
		t.Errorf("years %+v", c.Years)
	}
	values, err := c.Decode(nil, c.Example.Data)
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]float64{"DEMO_SOC": 77.5, "DEMO_CURRENT": -20, "DEMO_LOCK": 1, "DEMO_LITTLE": 0x1234, "DEMO_BITS": 3, "DEMO_HEATER": 0, "DEMO_TEMP": 25}
	for _, v := range values {
		if v.Number != want[v.Signal.ID] {
			t.Errorf("%s = %v, want %v", v.Signal.ID, v.Number, want[v.Signal.ID])
		}
	}
	if s := c.Signal("DEMO_CURRENT"); s.Min != -400 || s.Max != 400 || s.Name != "Pack current" {
		t.Errorf("signal %+v", s)
	}
	if s := c.Signal("DEMO_SOC"); s.Name != "Battery" || s.Max != 127.5 {
		t.Errorf("signal %+v", s)
	}
	if commands[1].String() != "7E0.22F190" || commands[1].Length != 17 {
		t.Errorf("command %s of %d bytes", &commands[1], commands[1].Length)
	}
}

func TestYAMLErrorsNameTheLine(t *testing.T) {
	head := "service: 22\ncommands:\n  - id: 1E10\n    signals:\n"
	rows := []struct{ text, want string }{
		{"", "x.yaml:1: the file is empty"},
		{"service: 22\n", "x.yaml:1: the file has no commands"},
		{"service: 22\ncommands: 7\n", "x.yaml:2: commands must be a list"},
		{"service: zz\ncommands: []\n", `x.yaml:1: "zz" is not 2 hexadecimal digits`},
		{"a: [\n", "x.yaml:"},
		{"commands:\n  - {id: 0C, signals: []}\n", "x.yaml:2: the command has no service"},
		{"service: 01\ncommands:\n  - {id: 010C, signals: []}\n", "x.yaml:3: service 01 takes a one-byte id"},
		{"service: 22\ncommands:\n  - id: 1E10\n", "x.yaml:3: the command has no signals"},
		{"service: 22\ncommands:\n  - {id: 1, colour: red, signals: []}\n", `x.yaml:3: "1" is not`},
		{"service: 22\ncommands:\n  - {id: 0101, colour: red}\n", `x.yaml:3: a command has no key "colour"`},
		{head + "      - {id: A, id: B, at: A}\n", `x.yaml:5: a signal has the key "id" twice`},
		{head + "      - {at: A}\n", "x.yaml:5: signal : it has no id"},
		{head + "      - {id: A}\n", "x.yaml:5: signal A: it needs at"},
		{head + "      - {id: A, at: 1}\n", "is not a byte"},
		{head + "      - {id: A, at: B-A}\n", "ends before it starts"},
		{head + "      - {id: A, at: A.8}\n", "bits are numbered 7 to 0"},
		{head + "      - {id: A, at: ZZZ}\n", "lies beyond the longest reply"},
		{head + "      - {id: A, at: A-I}\n", "a number has 1 to 64 bits, not 72"},
		{head + "      - {id: A, at: A, unit: furlong}\n", `unit "furlong" is not one of the UCUM codes`},
		{head + "      - {id: A, at: A, scale: 1/0}\n", "is not a number or a fraction"},
		{head + "      - {id: A, at: A, kind: colour}\n", `kind "colour" is not`},
		{head + "      - {id: A, at: A, kind: enum}\n", "an enumeration needs states"},
		{head + "      - {id: A, at: A, states: none}\n", `no table "none"`},
		{head + "      - {id: A, at: A, states: {1: [X]}}\n", "a state is CODE or"},
		{head + "      - {id: A, at: A, support: B-C}\n", "is not one bit"},
		{head + "      - {id: A, at: A, when: B.3}\n", "is not bits and their value"},
		{head + "      - {id: A, at: A, range: [3, 1]}\n", "range is [least, most]"},
		{head + "      - {id: A, at: A, not_available: [9-3]}\n", "is not a raw value or a range"},
		{head + "      - {id: A, at: A}\n      - {id: A, at: B}\n", "x.yaml:6: signal A stands twice"},
		{head + "      - {id: A, at: A}\n    example: {bytes: 1}\n", "are not pairs of hexadecimal digits"},
	}
	for _, row := range rows {
		_, err := catalog.Parse("x.yaml", []byte(row.text))
		if err == nil || !strings.Contains(err.Error(), row.want) {
			t.Errorf("%q\n gives %v\n want %s", row.text, err, row.want)
			continue
		}
		if errs.KindOf(err) != errs.BadInput || !strings.Contains(err.Error(), "x.yaml:") {
			t.Errorf("%q gives %v of kind %s", row.text, err, errs.KindOf(err))
		}
	}
}

// TestPageExample reads the example of docs/adding-a-pid.md as a user would.
func TestPageExample(t *testing.T) {
	page, err := os.ReadFile("../../docs/adding-a-pid.md")
	if err != nil {
		t.Fatal(err)
	}
	_, text, _ := strings.Cut(string(page), "```yaml\n")
	text, _, _ = strings.Cut(text, "```")
	commands, err := catalog.Parse("mycar.yaml", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	values, err := commands[0].Decode(nil, commands[0].Example.Data)
	if err != nil || len(values) != 4 {
		t.Fatalf("%v, %v", values, err)
	}
	for _, v := range values {
		checkValue(t, v.Signal.ID, v, commands[0].Example.Values[v.Signal.ID])
	}
}
