package catalog_test

import (
	"strings"
	"testing"

	"github.com/fleetms/obdctl/internal/catalog"
	"github.com/fleetms/obdctl/internal/obd"
)

const dbcFile = `VERSION ""

NS_ :

BS_:

BU_: ECM

BO_ 2024 OBD2: 8 Vector__XXX
 SG_ service M : 11|4@0+ (1,0) [0|15] "" Vector__XXX
 SG_ PID m1M : 23|8@0+ (1,0) [0|255] "" Vector__XXX
 SG_ Demo_ECT m5 : 31|8@0+ (1,-40) [-40|215] "degC" Vector__XXX
 SG_ Demo_Extra m171 : 39|16@0- (0.5,0) [0|0] "bar" Vector__XXX
 SG_ Demo_DID m17M : 23|16@0+ (1,0) [0|0] "" Vector__XXX

BO_ 419360789 DEMO_ENGINE: 8 ECM
 SG_ Engine_Speed : 24|16@1+ (0.125,0) [0|8031.875] "rpm" ECM
 SG_ Mode : 0|4@1+ (1,0) [0|15] "" ECM
 SG_ Page M : 8|8@1+ (1,0) [0|255] "" ECM
 SG_ First m0 : 40|8@1- (1,0) [0|0] "km/h" ECM
 SG_ Second m1 : 40|16@1+ (1,0) [0|0] "flugs" ECM

BO_ 513 DEMO_WHEELS: 8 ECM
 SG_ Wheel : 7|16@0+ (0.01,-100) [0|0] "km/h" ECM
 SG_ Real : 32|32@1- (1,0) [0|0] "V" ECM

CM_ SG_ 2024 Demo_ECT "a comment";
VAL_ 419360789 Mode 0 "off" 1 "on" ;
SIG_VALTYPE_ 513 Real : 1;
SG_MUL_VAL_ 2024 PID service 1-1;
SG_MUL_VAL_ 2024 Demo_DID service 2-2;
SG_MUL_VAL_ 2024 Demo_ECT PID 5-5;
SG_MUL_VAL_ 2024 Demo_Extra PID 171-171;
`

func TestParseDBC(t *testing.T) {
	commands, err := catalog.Parse("demo.dbc", []byte(dbcFile))
	if err != nil {
		t.Fatal(err)
	}
	cat := catalog.New(commands...)
	engine := cat.Match(obd.Functional, obd.CAN29(0x18FEF015), 0, 0)
	if len(engine) != 1 || engine[0].String() != "18FEF015" || engine[0].Source != "demo.dbc:16" {
		t.Fatalf("engine message: %v", engine)
	}
	values, err := engine[0].Decode(nil, []byte{0x01, 0x01, 0, 0x40, 0x1F, 0xFE, 0x02, 0})
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]any{}
	for _, v := range values {
		got[v.Signal.ID] = v.Number
		if v.Text != "" {
			got[v.Signal.ID] = v.Text
		}
	}
	want := map[string]any{"Engine_Speed": 1000.0, "Mode": "on", "Page": 1.0, "Second": 766.0}
	for id, w := range want {
		if got[id] != w {
			t.Errorf("%s = %v, want %v", id, got[id], w)
		}
	}
	if len(got) != len(want) {
		t.Errorf("values %v", got)
	}
	if s := engine[0].Signal("Engine_Speed"); s.Unit != "/min" || s.Name != "Engine Speed" {
		t.Errorf("signal %+v", s)
	}
	if s := engine[0].Signal("Second"); s.Unit != "" || s.Name != "Second (flugs)" {
		t.Errorf("signal %+v", s)
	}
	wheels := cat.Match(obd.Functional, obd.CAN11(0x201), 0, 0)
	values, err = wheels[0].Decode(nil, []byte{0x27, 0x10, 0, 0, 0, 0, 0x48, 0x41})
	if err != nil || values[0].Number != 0 || values[1].Number != 12.5 {
		t.Errorf("wheels %v, %v", values, err)
	}
}

func TestDBCOfOBDReplies(t *testing.T) {
	commands, err := catalog.Parse("demo.dbc", []byte(dbcFile))
	if err != nil {
		t.Fatal(err)
	}
	cat := catalog.New(commands...)
	ect := cat.Match(obd.Functional, obd.CAN11(0x7E8), obd.ServiceCurrentData, 0x05)
	if len(ect) != 1 {
		t.Fatalf("PID 05: %v", ect)
	}
	values, err := ect[0].Decode(nil, []byte{0x7B})
	if err != nil || len(values) != 2 || values[0].Signal.ID != "ECT" || values[1].Number != 83 {
		t.Errorf("PID 05: %v, %v", values, err)
	}
	extra := cat.Match(obd.Functional, obd.CAN11(0x7E8), obd.ServiceCurrentData, 0xAB)
	if len(extra) != 1 {
		t.Fatalf("PID AB: %v", extra)
	}
	if values, err = extra[0].Decode(nil, []byte{0, 0xFF, 0xFE}); err != nil || values[0].Number != -1 || values[0].Signal.Unit != "bar" {
		t.Errorf("PID AB: %v, %v", values, err)
	}
}

func TestDBCErrorsNameTheLine(t *testing.T) {
	rows := []struct{ text, want string }{
		{"VERSION \"\"\n", "x.dbc:1: the file has no messages"},
		{"VERSION \"\"\nBO_ 1 A 8 X\n", "x.dbc:2: "},
		{"BO_ 1 A: 8 X\n SG_ S : 0|65@1+ (1,0) [0|0] \"\" X\n", "x.dbc:2: signal S: a number has 1 to 64 bits"},
		{"BO_ 1 A: 8 X\n SG_ S : 0|8@1+ (0,0) [0|0] \"\" X\n", "x.dbc:2: signal S: the factor"},
	}
	for _, row := range rows {
		_, err := catalog.Parse("x.dbc", []byte(row.text))
		if err == nil || !strings.Contains(err.Error(), row.want) {
			t.Errorf("%q gives %v, want %s", row.text, err, row.want)
		}
	}
	latin1 := "BO_ 1 A: 8 X\n SG_ S : 0|8@1+ (1,0) [0|0] \"\xB0C\" X\n"
	commands, err := catalog.Parse("x.dbc", []byte(latin1))
	if err != nil || commands[0].Signals[0].Unit != "Cel" {
		t.Errorf("Latin-1 file: %v, %v", commands, err)
	}
}
