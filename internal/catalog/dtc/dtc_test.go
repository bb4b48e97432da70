package dtc_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/fleetms/obdctl/internal/catalog/dtc"
	"github.com/fleetms/obdctl/internal/errs"
	"github.com/fleetms/obdctl/internal/obd"
)

// Codes that every workshop knows, with their texts in full.
func TestWellKnownCodes(t *testing.T) {
	book := dtc.Builtin()
	for _, row := range []struct{ code, want string }{
		{"P0001", "Fuel volume regulator A control circuit/open"},
		{"P0010", "Camshaft A position actuator A control circuit/open (bank 1)"},
		{"P0011", "Camshaft A position timing over-advanced or system performance (bank 1)"},
		{"P0016", "Crankshaft position to camshaft position correlation (bank 1 sensor A)"},
		{"P0030", "O2 sensor heater control circuit (bank 1 sensor 1)"},
		{"P0068", "Manifold absolute pressure/mass air flow to throttle position correlation"},
		{"P0087", "Fuel rail/system pressure too low (bank 1)"},
		{"P0101", "Mass or volume air flow sensor A circuit range/performance"},
		{"P0106", "Manifold absolute pressure/barometric pressure sensor circuit range/performance"},
		{"P0113", "Intake air temperature sensor 1 circuit high (bank 1)"},
		{"P0118", "Engine coolant temperature sensor 1 circuit high"},
		{"P0122", "Throttle/pedal position sensor/switch A circuit low"},
		{"P0128", "Coolant thermostat (coolant temperature below thermostat regulating temperature)"},
		{"P0131", "O2 sensor circuit low voltage (bank 1 sensor 1)"},
		{"P0141", "O2 sensor heater circuit (bank 1 sensor 2)"},
		{"P0171", "System too lean (bank 1)"},
		{"P0174", "System too lean (bank 2)"},
		{"P0190", "Fuel rail pressure sensor circuit (bank 1)"},
		{"P0201", "Cylinder 1 injector A circuit"},
		{"P0217", "Engine coolant over temperature condition"},
		{"P0230", "Fuel pump primary circuit"},
		{"P0234", "Turbocharger/supercharger A overboost condition"},
		{"P0299", "Turbocharger/supercharger A underboost condition"},
		{"P0300", "Random/multiple cylinder misfire detected"},
		{"P0301", "Cylinder 1 misfire detected"},
		{"P0312", "Cylinder 12 misfire detected"},
		{"P0316", "Engine misfire detected on startup (first 1000 revolutions)"},
		{"P0325", "Knock/combustion vibration sensor A circuit"},
		{"P0335", "Crankshaft position sensor A circuit"},
		{"P0340", "Camshaft position sensor A circuit (bank 1 or single sensor)"},
		{"P0351", "Ignition coil A primary control circuit/open"},
		{"P0380", "Glow plug/heater circuit A"},
		{"P0401", "Exhaust gas recirculation (EGR) A flow insufficient detected"},
		{"P0411", "Secondary air injection (AIR) system A incorrect flow detected"},
		{"P0420", "Catalyst system efficiency below threshold (bank 1)"},
		{"P0430", "Catalyst system efficiency below threshold (bank 2)"},
		{"P0440", "Evaporative emission (EVAP) system"},
		{"P0441", "Evaporative emission (EVAP) system incorrect purge flow"},
		{"P0442", "Evaporative emission (EVAP) system leak detected (small leak)"},
		{"P0446", "Evaporative emission (EVAP) system vent control circuit"},
		{"P0455", "Evaporative emission (EVAP) system leak detected (large leak)"},
		{"P0456", "Evaporative emission (EVAP) system leak detected (very small leak)"},
		{"P0457", "Evaporative emission (EVAP) system leak detected (fuel cap loose/off)"},
		{"P0500", "Vehicle speed sensor A circuit"},
		{"P0505", "Idle control system"},
		{"P0507", "Idle control system RPM higher than expected"},
		{"P0520", "Engine oil pressure sensor/switch A circuit"},
		{"P0524", "Engine oil pressure too low"},
		{"P0562", "System voltage low"},
		{"P0571", "Brake switch A circuit"},
		{"P0600", "Serial communication link"},
		{"P0606", "Control module processor"},
		{"P0620", "Generator control circuit"},
		{"P0671", "Cylinder 1 glow plug circuit/open"},
		{"P0700", "Transmission control system (MIL request)"},
		{"P0705", "Transmission range sensor A circuit (PRNDL input)"},
		{"P0715", "Input/turbine shaft speed sensor A circuit"},
		{"P0720", "Output shaft speed sensor circuit"},
		{"P0730", "Incorrect gear ratio"},
		{"P0741", "Torque converter clutch circuit performance/stuck off"},
		{"P0750", "Shift solenoid A"},
		{"P0776", "Pressure control solenoid B performance/stuck off"},
		{"P0A80", "Replace hybrid/EV battery pack"},
		{"P0A0D", "High voltage system interlock circuit A high"},
		{"P0AA6", "Hybrid/EV battery voltage system isolation fault"},
		{"P2002", "Particulate filter efficiency below threshold (bank 1)"},
		{"P2096", "Post catalyst fuel trim system too lean (bank 1)"},
		{"P2101", "Throttle actuator A control motor circuit range/performance"},
		{"P2135", "Throttle/pedal position sensor/switch A/B voltage correlation"},
		{"P2138", "Throttle/pedal position sensor/switch D/E voltage correlation"},
		{"P2187", "System too lean at idle (bank 1)"},
		{"P2195", "O2 sensor signal biased/stuck lean (bank 1 sensor 1)"},
		{"P2226", "Barometric pressure sensor A circuit"},
		{"P2263", "Turbocharger/supercharger A boost system performance"},
		{"P2459", "Particulate filter regeneration frequency (bank 1)"},
		{"P20EE", "SCR NOx catalyst efficiency below threshold (bank 1 catalyst 1)"},
		{"P204F", "Reductant system performance (bank 1)"},
		{"P2270", "O2 sensor signal biased/stuck lean (bank 1 sensor 2)"},
		{"P229F", "NOx sensor circuit range/performance (bank 1 sensor 2)"},
		{"P2463", "Particulate filter restriction, soot accumulation (bank 1)"},
		{"P2610", "ECM/PCM engine off timer performance"},
		{"P2A00", "O2 sensor circuit range/performance (bank 1 sensor 1)"},
		{"P2BA9", "NOx exceedance, insufficient reagent quality"},
		{"P3400", "Cylinder deactivation system (bank 1)"},
		{"P3449", "Cylinder 7 deactivation/intake valve control circuit/open"},
		{"P3497", "Cylinder deactivation system (bank 2)"},
		{"U0001", "High speed CAN communication bus"},
		{"U0073", "Control module communication bus A off"},
		{"U0100", "Lost communication with ECM/PCM A"},
		{"U0101", "Lost communication with TCM"},
		{"U0121", "Lost communication with anti-lock brake system (ABS) control module A"},
		{"U0140", "Lost communication with body control module"},
		{"U0155", "Lost communication with instrument panel cluster (IPC) control module"},
		{"U0293", "Lost communication with hybrid/EV powertrain control module"},
		{"U0300", "Internal control module software incompatibility"},
		{"U0301", "Software incompatibility with ECM/PCM"},
		{"U0401", "Invalid data received from ECM/PCM A"},
		{"U0415", "Invalid data received from anti-lock brake system (ABS) control module"},
		{"U0422", "Invalid data received from body control module"},
		{"U3003", "Battery voltage"},
		{"U3006", "Control module input power A circuit/open"},
		{"B0001", "Driver frontal stage 1 deployment control"},
		{"B0010", "Passenger frontal stage 1 deployment control"},
		{"B0028", "Right side airbag deployment control"},
		{"B0051", "First row center seat belt sensor"},
		{"B0073", "Second row left seat belt pretensioner deployment control"},
		{"C0031", "Left front wheel speed sensor"},
		{"C0034", "Right front wheel speed sensor"},
		{"C0040", "Brake pedal switch A"},
		{"C0051", "Steering wheel position sensor"},
		{"C0061", "Lateral acceleration sensor"},
		{"C0063", "Yaw rate sensor"},
	} {
		if e := book.Explain(row.code); e.Description != row.want || !e.Known || e.Origin != dtc.FromSAE {
			t.Errorf("%s: %q (known %v, origin %s), want %q", row.code, e.Description, e.Known, e.Origin, row.want)
		}
	}
}

func TestExplainReadsEveryForm(t *testing.T) {
	book := dtc.Builtin()
	for _, row := range []struct {
		in, code, failure string
		byte              int // -1 for none
	}{
		{"P0301", "P0301", "", -1},
		{" p0301 ", "P0301", "", -1},
		{"p 03 01", "P0301", "", -1},
		{"P0301-1A", "P0301", "Circuit resistance below threshold", 0x1A},
		{"P0301:00", "P0301", "No further information", 0x00},
		{"p03011a", "P0301", "Circuit resistance below threshold", 0x1A},
		{"0301", "P0301", "", -1},
		{"0x0301", "P0301", "", -1},
		{"030113", "P0301", "Circuit open", 0x13},
		{"4035", "C0035", "", -1},
		{"80 01 96", "B0001", "Component internal failure", 0x96},
		{"C10087", "C1008", "", -2}, // six characters after a letter: neither a code nor bytes that begin with one
		{"U0100-87", "U0100", "Message missing", 0x87},
		{"c100", "U0100", "", -2},
	} {
		e := book.Explain(row.in)
		if row.byte == -2 {
			if e.Known {
				t.Errorf("%q: taken for %s", row.in, e.Code)
			}
			continue
		}
		if e.Code != row.code || e.FailureType != row.failure || !e.Known {
			t.Errorf("%q: code %s, failure %q, known %v", row.in, e.Code, e.FailureType, e.Known)
		}
		if (e.FailureByte == nil) != (row.byte < 0) || e.FailureByte != nil && int(*e.FailureByte) != row.byte {
			t.Errorf("%q: failure byte %v, want %d", row.in, e.FailureByte, row.byte)
		}
	}
}

// A code without a text names its family and claims nothing more.
func TestUnknownCodesAreExplainedByTheirFamily(t *testing.T) {
	book := dtc.Builtin()
	for _, row := range []struct{ code, family string }{
		{"P1234", "powertrain, maker's code: fuel and air metering"},
		{"P1745", "powertrain, maker's code: transmission"},
		{"P3000", "powertrain, maker's code"},
		{"P33FF", "powertrain, maker's code"},
		{"P3FFF", "powertrain, generic (SAE J2012): cylinder deactivation and others"},
		{"P0FFE", "powertrain, generic (SAE J2012): hybrid and electric propulsion"},
		{"P2F00", "powertrain, generic (SAE J2012): various powertrain functions"},
		{"B1234", "body, maker's code"},
		{"B0FFF", "body, generic (SAE J2012)"},
		{"B3000", "body, reserved by SAE J2012"},
		{"C2000", "chassis, maker's code"},
		{"C3ABC", "chassis, reserved by SAE J2012"},
		{"U1000", "network, maker's code"},
		{"U0FFF", "network, generic (SAE J2012)"},
		{"U01FE", "network, generic (SAE J2012): lost communication"},
	} {
		e := book.Explain(row.code)
		if e.Known || e.Origin != dtc.FromFamily || e.Family != row.family {
			t.Errorf("%s: known %v, origin %s, family %q, want %q", row.code, e.Known, e.Origin, e.Family, row.family)
		}
		if e.Description == "" || e.Severity != "" || e.Feels != "" || e.Causes != nil || e.Checks != nil || e.Related != nil {
			t.Errorf("%s: says more than its family: %+v", row.code, e)
		}
	}
}

func TestParseRefusesWhatIsNoCode(t *testing.T) {
	for _, in := range []string{"", "P", "P03", "P030", "P03011", "P030111A", "X0301", "P4301", "P03G1", "misfire", "12345",
		"P0301-1", "P0301-ZZ", "\x00\xff", strings.Repeat("P0301", 100), "Р0301" /* a Cyrillic letter */} {
		_, err := dtc.Parse(in)
		if err == nil {
			t.Errorf("%q: no error", in)
			continue
		}
		if errs.KindOf(err) != errs.Usage || errs.HintOf(err) == "" || len(err.Error()) > 300 {
			t.Errorf("%q: %v (kind %v, hint %q)", in, err, errs.KindOf(err), errs.HintOf(err))
		}
		if e := dtc.Builtin().Explain(in); e.Known || e.Description != "Not a trouble code" {
			t.Errorf("%q: explained as %+v", in, e)
		}
	}
}

func TestAdviceNamesThePlace(t *testing.T) {
	e := dtc.Builtin().Explain("P0303")
	all := strings.Join(append(e.Causes, e.Checks...), "\n")
	if !strings.Contains(all, "of cylinder 3") || strings.Contains(all, "{") {
		t.Errorf("P0303:\n%s", all)
	}
	e = dtc.Builtin().Explain("P0136")
	if all = strings.Join(append(e.Causes, e.Checks...), "\n"); !strings.Contains(all, "(bank 1 sensor 2)") {
		t.Errorf("P0136:\n%s", all)
	}
}

func TestRelatedCodes(t *testing.T) {
	book := dtc.Builtin()
	for code, want := range map[string][]string{
		"P0117": {"P0115", "P0116", "P0118", "P0119"},
		"P0301": {"P0300", "P0302", "P0303", "P0304", "P0305", "P0306"},
		"P0174": {"P0171", "P0101", "P2187", "P2189"},
	} {
		got := book.Explain(code).Related
		if diff := cmp.Diff(want, got[:min(len(got), len(want))]); diff != "" {
			t.Errorf("%s: %s", code, diff)
		}
		for _, c := range got {
			if c == code || !book.Explain(c).Known {
				t.Errorf("%s: related to %s", code, c)
			}
		}
	}
}

func TestFailureTypes(t *testing.T) {
	for b, want := range map[uint8]string{
		0x11: "Circuit shorted to ground", 0x64: "Signal not plausible", 0x88: "Bus off",
		0x10: "Failure type 10, not in the list (category: general electrical failure)",
		0xA3: "Failure type A3, reserved", 0xF2: "Failure type F2 of the maker",
	} {
		if got := dtc.FailureType(b); got != want {
			t.Errorf("%02X: %q, want %q", b, got, want)
		}
	}
}

func TestFill(t *testing.T) {
	d := obd.DTC{Code: "P0420"}
	dtc.Builtin().Fill(&d)
	if d.Description == "" || d.System != "Emission controls" || d.Severity != "medium" || !d.Known {
		t.Errorf("%+v", d)
	}
	if d = (obd.DTC{Code: "P1999"}); true {
		dtc.Builtin().Fill(&d)
	}
	if d.Known || d.Severity != "" {
		t.Errorf("%+v", d)
	}
}

func TestExplanationAsJSON(t *testing.T) {
	data, err := json.Marshal(dtc.Builtin().Explain("P0301-1A"))
	if err != nil {
		t.Fatal(err)
	}
	var m map[string]any
	if err := json.Unmarshal(data, &m); err != nil {
		t.Fatal(err)
	}
	for _, key := range []string{"code", "description", "system", "severity", "known", "origin", "family", "feels", "causes",
		"checks", "failure_byte", "failure_type", "related"} {
		if _, ok := m[key]; !ok {
			t.Errorf("no %q in %s", key, data)
		}
	}
}

func FuzzExplain(f *testing.F) {
	for _, s := range []string{"P0301", "p0301-1a", "0x030113", "U3FFF", "  c 00 35 ", "00/01", "SPN 100 FMI 1", "\xef\xbb\xbfP0301", "PPPPP", ""} {
		f.Add(s)
	}
	book := dtc.Builtin()
	f.Fuzz(func(t *testing.T, s string) {
		e := book.Explain(s)
		if number, mode, ok := dtc.ParseSPN(s); ok {
			n, m, back := dtc.ParseSPN(e.Code)
			if _, err := dtc.Parse(s); err == nil || !back || n != number || m != mode || e.Description == "" || e.Family == "" {
				t.Fatalf("%q: %+v, as J2012: %v", s, e, err)
			}
			return
		}
		p, err := dtc.Parse(s)
		if err != nil {
			var kind *errs.Error
			if e.Known || !errors.As(err, &kind) {
				t.Fatalf("%q: known %v, %v", s, e.Known, err)
			}
			return
		}
		if e.Code != p.Code || e.Description == "" || e.Family == "" || (e.FailureByte != nil) != p.HasFailure {
			t.Fatalf("%q: %+v", s, e)
		}
		if again, err := dtc.Parse(p.Code); err != nil || again.Code != p.Code {
			t.Fatalf("%q: %s does not read back: %v", s, p.Code, err)
		}
	})
}

func BenchmarkExplain(b *testing.B) {
	b.ReportAllocs()
	book := dtc.Builtin()
	for b.Loop() {
		book.Explain("P2BA9")
	}
}
