package scan_test

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"github.com/fleetms/obdctl/internal/catalog"
	"github.com/fleetms/obdctl/internal/catalog/dtc"
	"github.com/fleetms/obdctl/internal/diag"
	"github.com/fleetms/obdctl/internal/diag/diagtest"
	"github.com/fleetms/obdctl/internal/errs"
	"github.com/fleetms/obdctl/internal/obd"
	"github.com/fleetms/obdctl/internal/scan"
)

// fixed makes a scan the same every time.
func fixed() scan.Options {
	now := time.Date(2026, 11, 23, 10, 0, 0, 0, time.FixedZone("", 3600))
	return scan.Options{
		Tool:  obd.Tool{Name: "obdctl", Version: "1.0.0"},
		Now:   func() time.Time { now = now.Add(1500 * time.Millisecond); return now },
		NewID: func() (uuid.UUID, error) { return uuid.MustParse("019351a0-0000-7000-8000-000000000001"), nil },
	}
}

func run(t *testing.T, ctx context.Context, car *diagtest.Car, o scan.Options) (*obd.Scan, error) {
	t.Helper()
	car.Clock = func() time.Time { return time.Date(2026, 11, 23, 9, 0, 1, 0, time.UTC) }
	tester := diag.New(car, catalog.Builtin(), dtc.Builtin(), diag.Options{Now: car.Clock})
	s, err := scan.Run(ctx, tester, o)
	if s == nil {
		t.Fatal("no scan")
	}
	if _, merr := json.Marshal(s); merr != nil {
		t.Fatal(merr)
	}
	return s, err
}

func TestScanReadsEverything(t *testing.T) {
	o := fixed()
	var progress []obd.Step
	o.Progress = func(p scan.Progress) {
		progress = append(progress, p.Step)
		if p.Done != len(progress) || p.Total != 12 || p.Text == "" {
			t.Errorf("%+v", p)
		}
	}
	s, err := run(t, context.Background(), diagtest.Petrol(), o)
	if err != nil {
		t.Fatal(err)
	}
	if len(s.Unread) > 0 {
		t.Errorf("unread %+v", s.Unread)
	}
	if want := append(slices.Clone(progress), obd.StepAssessment); !slices.Equal(s.Complete, want) {
		t.Errorf("complete %v, want %v", s.Complete, want)
	}
	if s.Vehicle.VIN != "1M8GDM9AXKP042788" || !s.MIL || len(s.ECUs) != 2 || len(s.FreezeFrames) != 1 || len(s.Tests) != 4 {
		t.Errorf("%+v", s)
	}
	var codes []string
	for _, c := range s.Codes {
		codes = append(codes, string(c.Kind)+" "+c.Code)
	}
	if !slices.Equal(codes, []string{"stored P0301", "permanent P0301"}) {
		t.Errorf("codes %v", codes)
	}
	if s.Voltage == nil || s.Voltage.Source != "ecu" {
		t.Errorf("voltage %+v", s.Voltage)
	}
	if s.Clock != (obd.Clock{Source: "system", Offset: "+01:00"}) || s.Started.Location() != time.UTC {
		t.Errorf("clock %+v, %v", s.Clock, s.Started)
	}
	if s.ECUs[0].Calibrations[0].CVN != "1791BC82" || s.ECUs[0].VIN == "" || s.ECUs[0].Name == "" {
		t.Errorf("%+v", s.ECUs[0])
	}
}

func TestScanIsTheSameEveryTime(t *testing.T) {
	one, _ := run(t, context.Background(), diagtest.Petrol(), fixed())
	two, _ := run(t, context.Background(), diagtest.Petrol(), fixed())
	a, _ := json.Marshal(one)
	b, _ := json.Marshal(two)
	if string(a) != string(b) {
		t.Errorf("%s\n%s", a, b)
	}
}

// TestScanKeepsWhatItHas breaks the scan off at every request, once by the user and once by the plug.
func TestScanKeepsWhatItHas(t *testing.T) {
	whole := diagtest.Petrol()
	if _, err := run(t, context.Background(), whole, fixed()); err != nil {
		t.Fatal(err)
	}
	for n := range whole.Asked {
		ctx, cancel := context.WithCancel(context.Background())
		car := diagtest.Petrol()
		car.On = func(string) {
			if len(car.Asked) > n {
				cancel()
			}
		}
		s, err := run(t, ctx, car, fixed())
		check(t, n, s, err, errs.Cancelled, obd.Interrupted)
		cancel()

		car = diagtest.Petrol()
		car.On = func(request string) {
			if len(car.Asked) > n {
				car.Script[request] = "!lost"
			}
		}
		s, err = run(t, context.Background(), car, fixed())
		check(t, n, s, err, errs.Adapter, obd.LinkLost)
	}
}

func check(t *testing.T, n int, s *obd.Scan, err error, kind errs.Kind, reason obd.Reason) {
	t.Helper()
	if errs.KindOf(err) != kind {
		t.Errorf("request %d: error %v of kind %v", n, err, errs.KindOf(err))
	}
	if !slices.ContainsFunc(s.Unread, func(u obd.Unread) bool { return u.Reason == reason }) {
		t.Errorf("request %d: unread %+v", n, s.Unread)
	}
	for _, step := range s.Complete {
		for _, u := range s.Unread {
			if u.Step == step && u.Reason != obd.NotSupported {
				t.Errorf("request %d: %s is complete and not read: %+v", n, step, u)
			}
		}
	}
	named := map[obd.Step]bool{}
	for _, step := range s.Complete {
		named[step] = true
	}
	for _, u := range s.Unread {
		named[u.Step] = true
	}
	if len(named) < 13 {
		t.Errorf("request %d: only %v are spoken of", n, named)
	}
}

func TestScanOfNothing(t *testing.T) {
	s, err := run(t, context.Background(), &diagtest.Car{Protocol: obd.CAN11x500}, fixed())
	if errs.KindOf(err) != errs.NoVehicle || errs.HintOf(err) == "" {
		t.Errorf("error %v", err)
	}
	if s.Vehicle.VIN != "" || len(s.ECUs) > 0 || s.MIL {
		t.Errorf("%+v", s)
	}
}

// TestScanOfACarThatAnswersLittle: an electric car that knows no PID may still have a VIN.
func TestScanOfACarThatAnswersLittle(t *testing.T) {
	car := &diagtest.Car{Protocol: obd.CAN11x500, Script: map[string]string{
		"0902": "7EC 4902 01 314D3847444D3941584B50303432373838",
	}}
	s, err := run(t, context.Background(), car, fixed())
	if err != nil || s.Vehicle.VIN != "1M8GDM9AXKP042788" || len(s.ECUs) != 1 {
		t.Errorf("%+v, %v", s.Vehicle, err)
	}
	if slices.Contains(s.Complete, obd.StepStored) {
		t.Error("codes that nobody answered count as read")
	}
}

func TestScanOfAnElderCar(t *testing.T) {
	s, err := run(t, context.Background(), diagtest.Elder(), fixed())
	if err != nil || s.Vehicle.VIN != "1M8GDM9AXKP042788" || len(s.Tests) != 3 {
		t.Errorf("%+v, %v", s, err)
	}
	if !slices.Contains(s.Complete, obd.StepStored) {
		t.Errorf("PID 01 counts no codes and silence is allowed on this line: %+v", s.Unread)
	}
}

func TestScanUnsupportedIsNotNone(t *testing.T) {
	car := diagtest.Petrol()
	car.Script["0A"] = "7E8 7F0A11\n7E9 7F0A11"
	s, _ := run(t, context.Background(), car, fixed())
	if slices.Contains(s.Complete, obd.StepPermanent) {
		t.Error("a list that no ECU has counts as read")
	}
	car = diagtest.Petrol()
	car.Script["0A"] = "7E8 4A010301\n7E9 7F0A11"
	if s, _ = run(t, context.Background(), car, fixed()); !slices.Contains(s.Complete, obd.StepPermanent) {
		t.Errorf("the engine has the list: %+v", s.Unread)
	}
}

func TestScanSteps(t *testing.T) {
	o := fixed()
	o.Steps = []obd.Step{obd.StepStored}
	car := diagtest.Petrol()
	s, err := run(t, context.Background(), car, o)
	if err != nil || len(s.Codes) != 1 || len(s.Readings) > 0 {
		t.Errorf("%+v, %v", s, err)
	}
	if len(car.Asked) != 3 {
		t.Errorf("asked %v", car.Asked)
	}
}

func TestQuickScanReadsKeyValuesOnly(t *testing.T) {
	o := fixed()
	o.Quick = true
	s, _ := run(t, context.Background(), diagtest.Petrol(), o)
	has := func(signal string) bool {
		return slices.ContainsFunc(s.Readings, func(r obd.Reading) bool { return r.Signal == signal })
	}
	if !has("RPM") || has("OBDSUP") {
		t.Errorf("readings %+v", s.Readings)
	}
}

func TestVINByMajority(t *testing.T) {
	const mine, other = "314D3847444D3941584B50303432373838", "3148474343383236333341303034333532"
	for name, row := range map[string]struct{ replies, want string }{
		"two against one":       {"7E8 490201" + other + "\n7E9 490201" + mine + "\n7EA 490201" + mine, "1M8GDM9AXKP042788"},
		"the engine of two":     {"7E9 490201" + other + "\n7E8 490201" + mine, "1M8GDM9AXKP042788"},
		"the only plausible":    {"7E8 490201 30303030303030303030303030303030 2D\n7E9 490201" + mine, "1M8GDM9AXKP042788"},
		"blank of a new module": {"7E8 490201 FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF\n7E9 490201" + mine, "1M8GDM9AXKP042788"},
	} {
		t.Run(name, func(t *testing.T) {
			car := diagtest.Petrol()
			car.Script["0902"] = row.replies
			s, err := run(t, context.Background(), car, fixed())
			if err != nil || s.Vehicle.VIN != row.want {
				t.Errorf("%+v, %v", s.Vehicle, err)
			}
		})
	}
}

// TestModelYearGoesByTheDayOfTheScan: a replay says the same years later. Transcripts without a date are of today.
func TestModelYearGoesByTheDayOfTheScan(t *testing.T) {
	for day, want := range map[time.Time]int{
		time.Date(2020, 5, 1, 0, 0, 0, 0, time.UTC): 0, // still to come
		time.Date(2026, 5, 1, 0, 0, 0, 0, time.UTC): 2026,
		time.Date(2045, 5, 1, 0, 0, 0, 0, time.UTC): 2026,
		time.Unix(0, 0): 2026,
	} {
		car := diagtest.Petrol()
		car.Script["0902"] = fmt.Sprintf("7E8 490201%X", "1HGCM2B67TA004352")
		o := fixed()
		o.Now = func() time.Time { return day }
		s, err := run(t, context.Background(), car, o)
		if err != nil || s.Vehicle.ModelYear != want {
			t.Errorf("%s: %+v, %v", day, s.Vehicle, err)
		}
	}
}

func equal(t *testing.T, what string, got, want any) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", what, diff)
	}
}
