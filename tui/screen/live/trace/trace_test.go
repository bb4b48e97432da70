package trace_test

import (
	"fmt"
	"math"
	"runtime"
	"testing"
	"time"

	"github.com/fleetms/obdctl/internal/obd"
	"github.com/fleetms/obdctl/tui/screen/live/trace"
)

func start() time.Time { return time.Date(2026, 11, 3, 9, 41, 0, 0, time.UTC) }

func rpm(v float64) []obd.Reading {
	return []obd.Reading{{ECU: obd.CAN11(0x7E8), Signal: "RPM", Name: "Engine speed", Value: v, Unit: "/min"}}
}

func key() trace.Key { return trace.Key{Signal: "RPM", ECU: obd.CAN11(0x7E8)} }

func TestLeastMostAndMean(t *testing.T) {
	b := trace.New()
	for i, v := range []float64{800, 1200, 1000, math.NaN()} {
		b.Take(start().Add(time.Duration(i)*time.Second), rpm(v))
	}
	got := b.Rows(nil)[0]
	if got.Min != 800 || got.Max != 1200 || got.Mean != 1000 || got.Count != 3 || got.Rate != 1 || !got.Whole {
		t.Errorf("%+v", got)
	}
	b.Reset()
	b.Take(start().Add(5*time.Second), rpm(7.5))
	if got := b.Rows(nil)[0]; got.Min != 7.5 || got.Mean != 7.5 || got.Whole {
		t.Errorf("after a reset: %+v", got)
	}
}

func TestAWindowJoinsNeighboursAndLeavesHoles(t *testing.T) {
	b := trace.New()
	for _, at := range []int{1, 3, 9} {
		b.Take(start().Add(time.Duration(at)*time.Second), rpm(float64(100*at)))
	}
	parts := make([]trace.Bucket, 10)
	b.Window(key(), start().Add(10*time.Second), 10*time.Second, parts)
	got := ""
	for _, p := range parts {
		got += fmt.Sprintf("%d:%.0f ", p.Count, p.Mean)
	}
	if want := "0:0 1:100 1:200 1:300 0:0 0:0 0:0 0:0 0:0 1:900 "; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestLongWindowsKeepTheExtremesOfEverySecond(t *testing.T) {
	b := trace.New()
	for i := range 20 * 60 * 20 { // twenty minutes at twenty a second, one peak in the first minute
		v := 1000.0
		if i == 20*30 {
			v = 6000
		}
		b.Take(start().Add(time.Duration(i)*50*time.Millisecond), rpm(v))
	}
	parts := make([]trace.Bucket, 100)
	b.Window(key(), start().Add(20*time.Minute), 20*time.Minute, parts)
	most := 0.0
	for _, p := range parts {
		most = max(most, p.Max)
	}
	if most != 6000 {
		t.Errorf("the peak of twenty minutes ago is %v", most)
	}
}

func TestAnAlarmRingsOnceForEachTimeOutside(t *testing.T) {
	b := trace.New()
	high := 1000.0
	b.Limit("RPM", trace.Limits{High: &high})
	rung := 0
	for i, v := range []float64{900, 1001, 1002, 999, 1001, 900, 1500} {
		b.Take(start().Add(time.Duration(i)*time.Second), rpm(v))
		rung += len(b.Alarms())
	}
	if rung != 2 {
		t.Errorf("rang %d times, want 2: a value that swings around its limit rings once", rung)
	}
	if b.Rows(nil)[0].Side != trace.Above {
		t.Error("the last value is not above")
	}
	b.Limit("RPM", trace.Limits{})
	if b.Rows(nil)[0].Side != trace.Within {
		t.Error("without limits it is still above")
	}
}

func TestAClockSetBackBeginsThePastAnew(t *testing.T) {
	b := trace.New()
	b.Take(start().Add(time.Hour), rpm(5000))
	b.Take(start(), rpm(700))
	parts := make([]trace.Bucket, 2)
	b.Window(key(), start().Add(time.Second), 10*time.Second, parts)
	if parts[1].Count != 1 || parts[1].Mean != 700 {
		t.Errorf("%+v", parts)
	}
}

// sixty are the readings of sixty signals.
func sixty() []obd.Reading {
	out := make([]obd.Reading, 60)
	for i := range out {
		out[i] = obd.Reading{ECU: obd.CAN11(0x7E8), Signal: fmt.Sprintf("SIGNAL_%02d", i), Name: fmt.Sprintf("Signal %d", i), Unit: "%"}
	}
	return out
}

// TestAnHourTakesNoMoreMemoryThanAMinute sends sixty signals at twenty a second for an hour of their own time.
func TestAnHourTakesNoMoreMemoryThanAMinute(t *testing.T) {
	b, readings := trace.New(), sixty()
	at := start()
	run := func(d time.Duration) {
		for end := at.Add(d); at.Before(end); at = at.Add(50 * time.Millisecond) {
			for i := range readings {
				readings[i].Value = float64(at.UnixMilli()%1000) / 10
			}
			b.Take(at, readings)
		}
	}
	run(time.Minute)
	held := func() uint64 {
		runtime.GC()
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return m.HeapAlloc
	}
	before := held()
	run(time.Hour)
	after := held()
	t.Logf("%d KiB after a minute, %d KiB after an hour", before>>10, after>>10)
	if after > before+before/100+64<<10 {
		t.Errorf("%d bytes after a minute, %d after an hour", before, after)
	}
	if n := testing.AllocsPerRun(100, func() { at = at.Add(50 * time.Millisecond); b.Take(at, readings) }); n != 0 {
		t.Errorf("%v allocations for a sample, want none", n)
	}
	runtime.KeepAlive(b)
}

// BenchmarkTakeSixty is what one sample of sixty signals costs; there are twenty a second.
func BenchmarkTakeSixty(b *testing.B) {
	board, readings, at := trace.New(), sixty(), start()
	b.ReportAllocs()
	for b.Loop() {
		at = at.Add(50 * time.Millisecond)
		board.Take(at, readings)
	}
}
