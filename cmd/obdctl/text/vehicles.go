package text

import (
	"fmt"
	"strings"
	"time"

	"github.com/fleetms/obdctl/internal/fleet"
	"github.com/fleetms/obdctl/internal/obd"
	"github.com/fleetms/obdctl/internal/trend"
)

// short is the start of an id, enough to find it again.
func short(id fmt.Stringer) string { return id.String()[:13] }

// minute is a time in lists: the second says nothing there.
func minute(t time.Time, zone *time.Location) string {
	if zone == nil {
		zone = time.UTC
	}
	return t.In(zone).Format("2006-01-02 15:04")
}

// nextPage tells how the next page is asked for.
func nextPage(p *Page, next string) {
	if next != "" {
		p.Line(2, T(Faint, "there are more: --after %s", next))
	}
}

// Vehicles lays out a list of vehicles.
func Vehicles(all []fleet.Vehicle, next string, o Options) *Page {
	p := NewPage(o.Width)
	p.Section("Vehicles", T(Faint, "%s", count(len(all), "vehicle")))
	var rows [][]Cell
	for _, v := range all {
		last := T(Faint, "never scanned")
		if v.LastScan != nil {
			last = C("%s", minute(*v.LastScan, o.Zone))
		}
		rows = append(rows, []Cell{T(Faint, "%s", short(v.ID)), last, T(Strong, "%s", dash(v.VIN)), C("%s", vehicleTitle(v))})
	}
	p.Table(2, rows)
	if len(all) == 0 {
		p.Line(2, T(Faint, "none yet: 'obdctl scan' keeps every car that it reads, 'obdctl import' takes in logs"))
	}
	nextPage(p, next)
	return p
}

func dash(s string) string {
	if s == "" {
		return "-"
	}
	return s
}

// vehicleTitle is what people know a vehicle by, without its VIN.
func vehicleTitle(v fleet.Vehicle) string {
	words := []string{v.Label, v.Plate, strings.TrimSpace(v.Maker + " " + v.Model)}
	if v.ModelYear > 0 {
		words = append(words, fmt.Sprint(v.ModelYear))
	}
	var told []string
	for _, w := range words {
		if w != "" {
			told = append(told, w)
		}
	}
	return strings.Join(told, ", ")
}

// VehicleParts are everything of one vehicle.
type VehicleParts struct {
	Vehicle   fleet.Vehicle
	Customer  *fleet.Customer
	Scans     []fleet.ScanInfo
	Codes     []fleet.CodeHistory
	Forecasts []trend.Forecast
	Predicted []fleet.Prediction
	Series    []fleet.Series
	Trips     []fleet.Trip
	Orders    []fleet.WorkOrder
	Notes     []fleet.Note
	Files     []fleet.File
}

// Vehicle lays out one vehicle at a glance.
func Vehicle(v VehicleParts, o Options) *Page {
	p := NewPage(o.Width)
	vehicleHead(p, v, o)
	if len(v.Codes) > 0 {
		p.Section("Trouble codes over time")
		p.Table(2, historyRows(v.Codes, nil, o))
	}
	forecasts(p, v.Forecasts, o)
	latest(p, v.Predicted, o)
	if len(v.Scans) > 0 {
		p.Section("Scans", T(Faint, "%d in all", v.Vehicle.Scans))
		p.Table(2, scanRows(v.Scans, o))
	}
	trips(p, v.Trips, o)
	shopParts(p, v, o)
	series(p, v.Series, o)
	return p
}

func vehicleHead(p *Page, v VehicleParts, o Options) {
	p.Section("Vehicle", T(Faint, "%s", v.Vehicle.ID))
	var rows [][]Cell
	add := func(name, value string) {
		if value != "" {
			rows = append(rows, []Cell{T(Faint, "%s", name), C("%s", value)})
		}
	}
	add("VIN", v.Vehicle.VIN)
	add("Known as", vehicleTitle(v.Vehicle))
	add("Engine", v.Vehicle.Engine)
	if km := v.Vehicle.OdometerKm; km != nil {
		add("Odometer", distance(*km, o))
	}
	if c := v.Customer; c != nil {
		add("Customer", strings.Join(filled(c.Name, c.Phone, c.Email), ", "))
	}
	for _, id := range v.Vehicle.Aliases {
		add("Merged", id.String())
	}
	p.Table(2, rows)
}

func filled(words ...string) []string {
	var told []string
	for _, w := range words {
		if w != "" {
			told = append(told, w)
		}
	}
	return told
}

const kmPerMile = 1.609344

func distance(km float64, o Options) string {
	if o.Imperial {
		return fmt.Sprintf("%.1f mi", km/kmPerMile)
	}
	return fmt.Sprintf("%.1f km", km)
}

// Scans lays out a list of kept scans.
func Scans(all []fleet.ScanInfo, next string, o Options) *Page {
	p := NewPage(o.Width)
	p.Section("Scans", T(Faint, "%s", count(len(all), "scan")))
	p.Table(2, scanRows(all, o))
	if len(all) == 0 {
		p.Line(2, T(Faint, "none kept"))
	}
	nextPage(p, next)
	return p
}

func scanRows(all []fleet.ScanInfo, o Options) [][]Cell {
	var rows [][]Cell
	for _, s := range all {
		lamp := T(Good, "lamp off")
		if s.MIL {
			lamp = T(Bad, "LAMP ON")
		}
		codes := T(Faint, "no codes")
		if s.Codes > 0 {
			codes = T(Bad, "%s", count(s.Codes, "code"))
		}
		verdict := T(Faint, "-")
		switch s.Verdict {
		case obd.Pass:
			verdict = T(Good, "pass")
		case obd.Fail:
			verdict = T(Bad, "FAIL")
		}
		rows = append(rows, []Cell{T(Faint, "%s", short(s.ID)), C("%s", minute(s.Started, o.Zone)), T(Strong, "%s", dash(s.VIN)), lamp, codes, verdict})
	}
	return rows
}
