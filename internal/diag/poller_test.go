package diag_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/fleetms/obdctl/internal/diag"
	"github.com/fleetms/obdctl/internal/diag/diagtest"
	"github.com/fleetms/obdctl/internal/link"
)

// poll runs a poller on a car for a time and counts the samples of each signal.
func poll(t *testing.T, car *diagtest.Car, d time.Duration, wants []diag.Want, change func(*diag.PollerOptions)) (map[string]int, *diag.Poller, error) {
	t.Helper()
	car.Clock = time.Now
	tester := tester(car)
	supported(t, tester)
	car.Asked, car.Hints = nil, nil
	car.Latency = 10 * time.Millisecond
	count := map[string]int{}
	o := diag.PollerOptions{Wants: wants, Emit: func(s diag.Sample) {
		for _, r := range s.Readings {
			count[r.ECU.String()+" "+r.Signal]++
		}
	}}
	if change != nil {
		change(&o)
	}
	p, err := tester.Poller(o)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), d)
	defer cancel()
	err = p.Run(ctx)
	return count, p, err
}

func wants(t *testing.T, rate float64, signals ...string) []diag.Want {
	t.Helper()
	w, err := tester(diagtest.Petrol()).Wants(rate, signals...)
	if err != nil {
		t.Fatal(err)
	}
	return w
}

func TestPollerAsksOneECUInBatches(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		car := diagtest.Petrol()
		count, p, err := poll(t, car, time.Second, wants(t, 0, "RPM", "VSS", "ECT", "LOAD_PCT", "MAF", "IAT"), nil)
		if !errors.Is(err, context.DeadlineExceeded) {
			t.Error(err)
		}
		if n := count["7E8 RPM"]; n < 98 || n > 100 {
			t.Errorf("%d samples of RPM in a second at 10 ms: %v", n, count)
		}
		if count["7E9 RPM"] != 0 {
			t.Error("the gearbox was asked too")
		}
		if first := car.Asked[0]; first != "7E8<010C0D05041" && len(first) != len("7E8<010C0D0504100F") {
			t.Errorf("asked %s", first)
		}
		equal(t, "first hints", car.Hints[:4], []int{0, 0, 3, 3})
		for _, r := range p.Rates() {
			if r.Achieved < 95 || r.Achieved > 105 || r.Latency != 10*time.Millisecond || r.Misses != 0 {
				t.Errorf("%+v", r)
			}
		}
	})
}

func TestPollerKeepsRates(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := slices.Concat(wants(t, 10, "RPM"), wants(t, 2, "ECT"), wants(t, 0.5, "FLI"))
		count, _, _ := poll(t, diagtest.Petrol(), 10*time.Second+5*time.Millisecond, w, nil)
		for signal, want := range map[string]int{"7E8 RPM": 100, "7E8 ECT": 20, "7E8 FLI": 5} {
			if n := count[signal]; n < want-1 || n > want+1 {
				t.Errorf("%s: %d samples, want %d", signal, n, want)
			}
		}
	})
}

func TestPollerIsFairWhenTheLinkIsFull(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := slices.Concat(wants(t, 200, "RPM"), wants(t, 150, "VSS"), wants(t, 0, "MAF"))
		w[2].Priority = -5
		count, _, _ := poll(t, diagtest.Petrol(), 10*time.Second, w, nil)
		if count["7E8 RPM"] < 400 || count["7E8 VSS"] < 400 || count["7E8 MAF"] < 10 || count["7E8 MAF"] > 100 {
			t.Errorf("samples %v", count)
		}
	})
}

func TestPollerGoesOnWithoutADeadPID(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		car := with(diagtest.Petrol(), map[string]string{"0105": ""})
		count, p, _ := poll(t, car, 10*time.Second, wants(t, 0, "RPM", "ECT", "VSS"), nil)
		if count["7E8 RPM"] < 950 || count["7E8 VSS"] < 950 || count["7E8 ECT"] != 0 {
			t.Errorf("samples %v", count)
		}
		alone := 0
		for _, a := range car.Asked {
			if a == "7E8<0105" {
				alone++
			}
		}
		if alone < 2 || alone > 12 {
			t.Errorf("the dead PID was asked alone %d times", alone)
		}
		if r := p.Rates()[1]; r.Samples != 0 || r.Misses == 0 {
			t.Errorf("%+v", r)
		}
	})
}

func TestPollerLearnsWhatTheECUStands(t *testing.T) {
	for _, limit := range []int{-1, 1, 3} {
		t.Run(fmt.Sprint(limit), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				car := diagtest.Petrol()
				car.Batch = map[string]int{"7E8": limit}
				count, _, _ := poll(t, car, 10*time.Second, wants(t, 0, "RPM", "VSS", "ECT", "LOAD_PCT", "MAF", "IAT"), nil)
				for _, s := range []string{"RPM", "VSS", "ECT", "LOAD_PCT", "MAF", "IAT"} {
					if n := count["7E8 "+s]; n < 850*max(limit, 1)/6 {
						t.Errorf("%s: %d samples", s, n)
					}
				}
			})
		})
	}
}

func TestPollerFallsBackToFunctionalRequests(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		car := with(diagtest.Petrol(), map[string]string{"7E8<010C0D": "7E8 7F0111"})
		count, _, _ := poll(t, car, time.Second, wants(t, 0, "RPM", "VSS"), nil)
		if count["7E8 RPM"] < 90 || count["7E9 RPM"] != 0 {
			t.Errorf("samples %v", count)
		}
	})
}

func TestPollerSurvivesALostLink(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		car := diagtest.Petrol()
		var told []error
		opened := 0
		car.On = func(string) {
			if len(car.Asked) == 50 {
				car.Script["7E8<010C"] = "!lost"
			}
		}
		count, _, err := poll(t, car, 20*time.Second, wants(t, 0, "RPM"), func(o *diag.PollerOptions) {
			o.Notify = func(err error) { told = append(told, err) }
			o.Reopen = func(context.Context) (link.Link, error) {
				if opened++; opened < 3 {
					return nil, errors.New("not yet")
				}
				delete(car.Script, "7E8<010C")
				return car, nil
			}
		})
		if !errors.Is(err, context.DeadlineExceeded) || count["7E8 RPM"] < 1700 {
			t.Errorf("%v, samples %v", err, count)
		}
		if len(told) != 2 || !link.IsLost(told[0]) || told[1] != nil {
			t.Errorf("told %v", told)
		}
	})
}

func TestPollerGivesUpALostLink(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		car := with(diagtest.Petrol(), map[string]string{"7E8<010C": "!lost"})
		_, _, err := poll(t, car, time.Hour, wants(t, 0, "RPM"), nil)
		if !link.IsLost(err) {
			t.Errorf("error %v", err)
		}
	})
}

func TestPollerLeavesASilentCarAlone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		car := diagtest.Petrol()
		rpm := car.Script["010C"]
		start := time.Now()
		car.On = func(string) {
			delete(car.Script, "010C")
			if s := time.Since(start); s < 20*time.Second || s > 80*time.Second {
				car.Script["010C"] = rpm
			}
		}
		count, _, _ := poll(t, car, 100*time.Second, wants(t, 0, "RPM"), nil)
		if n := count["7E8 RPM"]; n < 3500 || len(car.Asked)-n > 60 {
			t.Errorf("%d samples, %d requests", n, len(car.Asked))
		}
	})
}

func TestPollerStopsAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		car := diagtest.Petrol()
		tester := tester(car)
		supported(t, tester)
		p, err := tester.Poller(diag.PollerOptions{Wants: wants(t, 0.01, "RPM")})
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithCancel(context.Background())
		time.AfterFunc(30*time.Second, cancel)
		start := time.Now()
		if err := p.Run(ctx); !errors.Is(err, context.Canceled) || time.Since(start) != 30*time.Second {
			t.Errorf("%v after %v", err, time.Since(start))
		}
	})
}

func TestPollerOfSeveralECUs(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := slices.Concat(wants(t, 0, "RPM", "ECT"), wants(t, 0, "RPM", "ECT"))
		for i := range w[2:] {
			w[2+i].ECU = gearbox
		}
		count, _, _ := poll(t, diagtest.Petrol(), time.Second, w, nil)
		for _, s := range []string{"7E8 RPM", "7E8 ECT", "7E9 RPM", "7E9 ECT"} {
			if count[s] < 45 {
				t.Errorf("%s: %d samples, %v", s, count[s], count)
			}
		}
	})
}

func TestWantsNeedKnownSignals(t *testing.T) {
	if _, err := tester(diagtest.Petrol()).Wants(1, "RPM", "NO_SUCH_SIGNAL"); kind(err) != "usage" {
		t.Errorf("error %v", err)
	}
	if _, err := tester(diagtest.Petrol()).Poller(diag.PollerOptions{}); kind(err) != "usage" {
		t.Errorf("error %v", err)
	}
}
