package diag

import (
	"context"
	"fmt"
	"math"
	"strings"

	"github.com/fleetms/obdctl/internal/catalog/spn"
	"github.com/fleetms/obdctl/internal/link"
	"github.com/fleetms/obdctl/internal/obd"
	"github.com/fleetms/obdctl/internal/protocol/j1939"
)

// vin is the first step of a scan, so it looks ahead.
func (j *truck) vin(ctx context.Context) ([]obd.ECU, []obd.Unread, error) {
	if over := ended(ctx, j.look(ctx)); over != nil {
		return nil, nil, over
	}
	groups, missed, err := j.ask(ctx, obd.StepVehicle, j1939.PGNVehicleID)
	units := j.units()
	for _, g := range groups {
		units.take(g)
	}
	return units.list, missed, err
}

func (j *truck) vehicleInfo(ctx context.Context, _ func(byte) bool) ([]obd.ECU, []obd.Unread, error) {
	groups, missed, err := j.ask(ctx, obd.StepInfo, j1939.PGNVehicleID, j1939.PGNComponentID, j1939.PGNSoftwareID,
		j1939.PGNECUID, j1939.PGNDM19, j1939.PGNDM20)
	units := j.units()
	for _, g := range groups {
		units.take(g)
	}
	var worth []obd.Unread
	for _, m := range missed {
		if m.ECU != 0 || len(groups) == 0 {
			worth = append(worth, m)
		}
	}
	return units.list, worth, err
}

// units are the nodes as control units, in order of address.
type units struct {
	truck *truck
	list  []obd.ECU
}

func (j *truck) units() *units {
	u := &units{truck: j}
	for _, n := range j.found {
		u.list = append(u.list, obd.ECU{Address: obd.NodeAddress(n.Address), Name: nodeName(n)})
	}
	return u
}

// nodeName says what a node is: by the function in its NAME, by its preferred address elsewhere.
func nodeName(n link.Node) string {
	name := j1939.ParseName(n.Name)
	if n.Name != 0 {
		if s := spn.Function(name.Function); s != "" {
			return s
		}
	}
	if s := spn.Address(n.Address); s != "" {
		return s
	}
	return fmt.Sprintf("Node %d", n.Address)
}

// take writes what a group says into its unit.
func (u *units) take(g link.ParameterGroup) {
	for i := range u.list {
		e := &u.list[i]
		if e.Address != obd.NodeAddress(g.Source) {
			continue
		}
		switch g.PGN {
		case j1939.PGNVehicleID:
			e.VIN, _ = j1939.ParseVIN(g.Data)
		case j1939.PGNComponentID:
			c := j1939.ParseComponent(g.Data)
			e.ESN = c.Serial
			u.text(e, g, "MAKE", "Make", c.Make)
			u.text(e, g, "MODEL", "Model", c.Model)
			u.text(e, g, "UNIT", "Unit number", c.Unit)
		case j1939.PGNSoftwareID:
			u.text(e, g, "SOFTWARE", "Software", strings.Join(j1939.ParseSoftware(g.Data), ", "))
		case j1939.PGNECUID:
			c := j1939.ParseECUIdentity(g.Data)
			u.text(e, g, "ECU_PART", "Part number of the control unit", c.Part)
			u.text(e, g, "ECU_SERIAL", "Serial number of the control unit", c.Serial)
		case j1939.PGNDM19:
			list, _ := j1939.ParseDM19(g.Data)
			for _, c := range list {
				e.Calibrations = append(e.Calibrations, obd.Calibration{ID: c.ID, CVN: fmt.Sprintf("%08X", c.CVN)})
			}
		case j1939.PGNDM20:
			if m, err := j1939.ParseDM20(g.Data); err == nil {
				e.InUse = u.truck.inUse(m)
			}
		}
	}
}

func (u *units) text(e *obd.ECU, g link.ParameterGroup, id, name, text string) {
	if text != "" {
		e.Info = append(e.Info, obd.Reading{At: obd.Stamp(g.At), ECU: e.Address, Signal: id, Name: name, Text: text})
	}
}

func (j *truck) inUse(m j1939.DM20) *obd.InUse {
	count := func(q j1939.Quantity) uint16 { return uint16(min(q.Raw, math.MaxUint16)) }
	out := &obd.InUse{Conditions: count(m.Conditions), IgnitionCycles: count(m.Ignitions)}
	for _, r := range m.Ratios {
		name := fmt.Sprintf("SPN %d", r.SPN)
		if p := j.book.Parameter(r.SPN); p != nil {
			name = p.Name
		}
		out.Counters = append(out.Counters, obd.InUseCounter{ID: fmt.Sprintf("SPN%d", r.SPN), Name: name,
			Completions: count(r.Numerator), Conditions: count(r.Denominator)})
	}
	return out
}
