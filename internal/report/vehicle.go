package report

import (
	"strconv"
	"strings"

	"github.com/fleetms/obdctl/internal/fleet"
	"github.com/fleetms/obdctl/internal/obd"
	"github.com/fleetms/obdctl/internal/report/document"
)

func (p *page) anyScan() *obd.Scan {
	switch {
	case p.in.Scan != nil:
		return p.in.Scan
	case p.in.After != nil:
		return p.in.After
	}
	return nil
}

// head fills the vehicle's head from what is kept of it and from a scan; either may be nil.
func (p *page) head(s *obd.Scan) {
	v := fleet.Vehicle{}
	if p.in.Vehicle != nil {
		v = *p.in.Vehicle
	}
	if s != nil {
		fillFrom(&v, s)
	}
	d := &document.Vehicle{VIN: v.VIN, Title: p.vehicleTitle(v)}
	fact := func(key, value string) {
		if value != "" {
			d.Facts = append(d.Facts, document.Fact{Name: p.t("vehicle." + key), Cell: words(value)})
		}
	}
	fact("vin", v.VIN)
	fact("plate", v.Plate)
	fact("maker", v.Maker)
	fact("model", v.Model)
	if v.ModelYear > 0 {
		fact("model_year", strconv.Itoa(v.ModelYear))
	}
	fact("engine", v.Engine)
	if v.OdometerKm != nil {
		d.Facts = append(d.Facts, document.Fact{Name: p.t("vehicle.odometer"), Cell: p.value(*v.OdometerKm, "km", 0)})
	}
	if c := p.in.Customer; c != nil {
		fact("customer", c.Name)
	}
	if o := p.in.Order; o != nil {
		fact("order", strings.TrimSpace(o.Number+" "+o.Title))
	}
	p.scanFacts(d, s)
	p.doc.Vehicle = d
}

func fillFrom(v *fleet.Vehicle, s *obd.Scan) {
	if v.VIN == "" {
		v.VIN = s.Vehicle.VIN
	}
	if v.Maker == "" {
		v.Maker = s.Vehicle.Maker
	}
	if v.ModelYear == 0 {
		v.ModelYear = s.Vehicle.ModelYear
	}
	if km, ok := signal(s, "ODO"); ok && v.OdometerKm == nil && km.Unit == "km" {
		v.OdometerKm = &km.Value
	}
}

// scanFacts says when and how the scan was made.
func (p *page) scanFacts(d *document.Vehicle, s *obd.Scan) {
	if s == nil {
		return
	}
	if p.in.After == nil {
		d.Facts = append(d.Facts, document.Fact{Name: p.t("vehicle.read_at"), Cell: p.when(s.Started)})
	}
	if s.Protocol != obd.ProtocolUnknown {
		d.Facts = append(d.Facts, document.Fact{Name: p.t("vehicle.line"), Cell: words(s.Protocol.Name())})
	}
	d.Facts = append(d.Facts, document.Fact{Name: p.t("vehicle.ecus"), Cell: p.count(len(s.ECUs))})
}

func (p *page) vehicleTitle(v fleet.Vehicle) string {
	name := strings.TrimSpace(v.Maker + " " + v.Model)
	if v.ModelYear > 0 && name != "" {
		name += " " + strconv.Itoa(v.ModelYear)
	}
	switch {
	case v.Label != "" && name != "":
		return v.Label + " · " + name
	case v.Label != "":
		return v.Label
	case name != "":
		return name
	case v.Plate != "":
		return v.Plate
	case v.VIN != "":
		return v.VIN
	}
	return p.t("vehicle.unknown")
}

// signal returns the first reading of a signal in a scan.
func signal(s *obd.Scan, id string) (obd.Reading, bool) {
	for _, r := range s.Readings {
		if r.Signal == id && !r.Absent {
			return r, true
		}
	}
	return obd.Reading{}, false
}
