package text

import (
	"fmt"
	"math"
	"strings"

	"github.com/google/uuid"

	"github.com/fleetms/obdctl/internal/fleet"
	"github.com/fleetms/obdctl/internal/trend"
)

// History lays out when codes came and went; names are what the vehicles are called.
func History(codes []fleet.CodeHistory, ahead []trend.Forecast, names map[uuid.UUID]string, next string, o Options) *Page {
	p := NewPage(o.Width)
	p.Section("Trouble codes over time", T(Faint, "first seen, last seen"))
	if len(names) < 2 {
		names = nil
	}
	p.Table(2, historyRows(codes, names, o))
	if len(codes) == 0 {
		p.Line(2, T(Faint, "none in the scans that were kept"))
	}
	nextPage(p, next)
	forecasts(p, ahead, o)
	return p
}

func historyRows(all []fleet.CodeHistory, names map[uuid.UUID]string, o Options) [][]Cell {
	var rows [][]Cell
	for _, c := range all {
		state := T(Bad, "there in the last scan")
		if c.Gone != nil {
			state = T(Good, "gone since %s", minute(*c.Gone, o.Zone))
		}
		row := []Cell{T(Strong, "%s", c.Code), C("%s", c.Kind), C("%s", c.ECU), C("%s", minute(c.FirstSeen, o.Zone)), C("%s", minute(c.LastSeen, o.Zone)), R("%s", count(c.Scans, "scan"))}
		if names != nil {
			row = append([]Cell{C("%s", names[c.VehicleID])}, row...)
		}
		rows = append(rows, append(row, state))
	}
	return rows
}

// forecasts says what will fail next; nothing where there is nothing to say.
func forecasts(p *Page, all []trend.Forecast, o Options) {
	if len(all) == 0 {
		return
	}
	p.Section("On the way to their limit", T(Faint, "95 %% interval of the day at which the line reaches it"))
	for _, f := range all {
		name := strings.TrimSpace(f.Name + " " + f.TestName)
		if name == "" {
			name = fmt.Sprintf("test %02X", f.TID)
		}
		p.Line(2, T(Warn, "%s", name), T(Faint, "ECU %s", f.ECU))
		latest := "no later bound"
		if f.Latest != nil {
			latest = f.Latest.Format("2006-01-02")
		}
		p.Line(4, C("reaches its limit about %s (%s to %s);", f.Reaches.Format("2006-01-02"), f.Earliest.Format("2006-01-02"), latest),
			T(Faint, "margin %.0f %% now, %.1f points a month, from %d results since %s", 100*f.Margin, 100*math.Abs(f.PerMonth), f.Points, f.From.Format("2006-01-02")))
	}
}
