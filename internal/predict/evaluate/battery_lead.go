package evaluate

import (
	"fmt"
	"math"
	"path/filepath"
	"time"

	"github.com/fleetms/obdctl/internal/predict/battery"
	"github.com/fleetms/obdctl/internal/predict/metric"
)

const leadSet = "ibs_12v (one Fisker Ocean, one battery, 11 logs)"

// LeadBattery checks the rules for 12 V batteries against the one battery whose sensor was logged. It is a check of
// plausibility: one battery trains and proves nothing.
func LeadBattery(dir string) ([]Figure, error) {
	t, err := readTable(filepath.Join(dir, "ibs_12v", "logs_5s.csv.gz"))
	if err != nil {
		return nil, err
	}
	if err := t.has("log", "IBS_BatteryCurrent", "IBS_BatteryVoltage", "IBS_BatteryTemperature", "IBS_AvgRi"); err != nil {
		return nil, err
	}
	r, err := leadResistance(t)
	if err != nil {
		return nil, err
	}
	return append(leadStates(t), r), nil
}

// leadStates compares what the voltage alone says with the sign of the current.
func leadStates(t *table) []Figure {
	var charging []bool
	var told []float64
	var log []string
	for r := range t.rows {
		amps, volts := t.number(r, "IBS_BatteryCurrent"), t.number(r, "IBS_BatteryVoltage")
		if math.Abs(amps) < 2 || math.IsNaN(volts) { // neither charged nor loaded
			continue
		}
		charging, log = append(charging, amps > 0), append(log, t.text(r, "log"))
		told = append(told, map[bool]float64{true: 1}[battery.Charging(volts)])
	}
	var out []Figure
	for _, m := range []struct {
		name   string
		better string
		of     func(metric.Confusion) float64
	}{
		{"charging or not by voltage alone: F1", Higher, metric.Confusion.F1},
		{"charging or not by voltage alone: false positive rate", Lower, metric.Confusion.FPR},
	} {
		f := func(y []bool, p []float64) float64 { return m.of(metric.Confuse(y, p, 0.5)) }
		i := metric.Bootstrap(log, 1000, 0.95, 1, metric.Of(f, charging, told))
		out = append(out, Figure{Model: "12 V rules", Data: leadSet, Split: "nothing was learned; interval over logs", Metric: m.name,
			Value: f(charging, told), Low: i.Low, High: i.High, Target: math.NaN(), Better: m.better,
			Note: "against the sign of the sensor's current where it is above 2 A"})
	}
	return out
}

// leadResistance holds the resistance from steps of current against what the battery's sensor reports.
func leadResistance(t *table) (Figure, error) {
	var samples []battery.Sample
	var own, n float64
	at := time.Unix(0, 0)
	for r := range t.rows {
		if at = at.Add(5 * time.Second); r > 0 && t.text(r, "log") != t.text(r-1, "log") {
			at = at.Add(time.Hour)
		}
		samples = append(samples, battery.Sample{At: at, Volts: t.number(r, "IBS_BatteryVoltage"),
			Amps: t.number(r, "IBS_BatteryCurrent"), TempC: t.number(r, "IBS_BatteryTemperature")})
		if ri := t.number(r, "IBS_AvgRi"); ri > 0 {
			own, n = own+ri, n+1
		}
	}
	f := Figure{Model: "12 V rules", Data: leadSet, Split: "nothing was learned; all logs together", Metric: "resistance over 5 s, mOhm",
		Value: math.NaN(), Low: math.NaN(), High: math.NaN(), Target: math.NaN(), Better: Lower}
	res, ok := battery.ResistanceOf(samples)
	if !ok {
		f.Note = fmt.Sprintf("%d steps of at least 5 A within discharge: too few", res.Steps)
		return f, nil
	}
	f.Value, f.Low, f.High = res.MilliOhm, res.Low, res.High
	f.Note = fmt.Sprintf("%d steps; the sensor's own IBS_AvgRi is %.2f mOhm and hardly moves while its state of health goes from 100 to 64 %%. "+
		"At one row in 5 s the estimate holds polarisation as well, so it must be larger and is no copy of the sensor's value", res.Steps, own/n)
	return f, nil
}
